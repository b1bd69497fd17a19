"""Money in, money out, and what the law wants to know of it."""

from punctual.commands.demo.content.drafts import Draft, ProjectDraft, Series

SINGLES = (
    Draft("Close the books for last month", "Bank, till, card payments, stock. In this order.", "high"),
    Draft("Ask the bank for a better rate on the machine loan"),
    Draft(
        "Liquidity until summer",
        "Frames are paid 60 days before the bikes are. Where is the lowest point, and is it above zero?\n\n"
        "| month | in | out |\n|---|---:|---:|\n| January | 148,000 | 171,000 |\n| February | 162,000 | 166,000 |\n"
        "| March | 215,000 | 180,000 |",
        "urgent",
    ),
    Draft("Receipts from the trip to Lyon are missing", "Hotel and the second train. @mei?"),
    Draft("Choose an auditor for the coming three years", priority="medium"),
    Draft("New price list for dealers", "From April. Dealers hear of it eight weeks before.", "high"),
    Draft("Depreciation plan for the frame alignment table"),
    Draft("Insurance for bikes on test rides", "Who pays when a demo bike ends up in the canal?", "medium"),
    Draft("Split the electricity bill between workshop and office"),
    Draft("Check the leasing company's statement", "Three bikes too many, or three customers too few.", "high"),
    Draft("Explain contribution margins to everybody, with one real bike"),
    Draft("Set up the second signature at the bank", priority="medium"),
    Draft("Refund order TW-2187", "Paid twice. Customer has been patient.", "urgent"),
    Draft("Answer the tax office about the van", "Letter is scanned. They give us three weeks.", "high"),
    Draft("Grant for the solar roof: final report", "Photos, invoices, meter readings.", "high"),
    Draft("What does a warranty case cost us, on average?"),
    Draft("Put last year's paper into the archive"),
    Draft("Travel rules on one page"),
    Draft("Check whether we still need the second card reader"),
    Draft("Prepare the figures for the owners' meeting", priority="high"),
    Draft("Currency: hedge the yen for the motor order?", "Two pages by the bank, one decision by us.", "medium"),
    Draft("Till: explain the difference of 12.40 on Friday"),
    Draft("Agree with the landlord on the index clause", priority="medium"),
    Draft("Write down who may order what, up to how much"),
)

SERIES = (
    Series(
        "Pay the invoice of {x}",
        (
            "Kovář Forks, Pardubice", "Roues du Rhône, Lyon", "Shimizu Motors, Osaka", "Nordlack, the paint shop",
            "Hafen Power, electricity", "the courier", "the translator", "the law firm Brandt", "the cleaning company",
            "Lumen Lighting", "the fair in Utrecht", "the web host",
        ),
        "Checked against the order and the delivery note. Two per cent off within ten days.",
        "medium",
    ),
    Series(
        "Remind {x} of the open invoice",
        (
            "the parcel cooperative", "the housing association", "Bike & Boat, dealer in Kiel",
            "the Northside kindergarten", "Velo Vite, dealer in Nantes", "the festival office",
            "Two Wheels, dealer in Graz", "the city's lending scheme",
        ),
        "First reminder, friendly: perhaps {x} never got the invoice.",
    ),
    Series(
        "Reconcile {x}",
        ("the business account", "card payments of the shop", "the till", "the leasing account", "the deposit account"),
        "To the cent. What can't be explained goes on the list, not into “other”.",
    ),
    Series(
        "Budget for next year: {x}",
        ("workshop", "product", "website", "marketing and fairs", "people and training", "office"),
        "Last year's figures are in the sheet. One line per decision, not per pencil.",
        "medium",
    ),
    Series(
        "Cancel {x} before it renews",
        (
            "the stock photo plan", "the old phone contract", "the second car park space", "the fax line",
            "the trade journal",
        ),
        "Notice must be in writing, a month ahead.",
        "high",
    ),
    Series(
        "File {x}",
        (
            "the monthly VAT return", "the wage tax", "the statistics report on foreign trade",
            "the packaging register", "the battery register", "the yearly accounts",
        ),
        "The deadline is the authority's, not ours. Keep the confirmation.",
        "urgent",
    ),
)  # fmt: skip

TALK = (
    ("@{name} which project does this belong to?", "Operations, the ramp.", "Booked."),
    ("The amount is right, the address isn't. I asked for a new invoice.", "Good. Pay when it comes."),
    ("Paid today, value date tomorrow.", "Thank you!"),
    ("They promise to pay on the 15th.", "Put a note on the 16th, please."),
    ("I don't understand line 14.", "That's the return freight. I'll add a word.", "Now I do."),
    ("Is 4,800 still within budget?", "Just. There is 310 left after that."),
    ("Filed, confirmation is in the folder.",),
)

FINANCE = ProjectDraft(
    key="FIN",
    name="Finance",
    description="Money in, money out, and what the law wants to know of it.",
    roles={
        "yusuf": "owner", "ines": "admin", "ana": "member", "tomasz": "member", "mei": "member", "liam": "viewer",
    },
    count=66,
    singles=SINGLES,
    series=SERIES,
    talk=TALK,
)  # fmt: skip
