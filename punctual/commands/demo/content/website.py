"""The shop, the configurator and what they say."""

from punctual.commands.demo.content.drafts import Draft, ProjectDraft, Series

SINGLES = (
    Draft("Show the delivery time beside the price in the configurator", priority="high"),
    Draft(
        "The colour picker forgets the choice after signing in",
        "**To see it:** choose *sea green*, press *save*, sign in when asked.\n\n"
        "**Expected:** sea green. **Got:** black.\n\nThe choice is kept under the visitor's id and lost with it.",
        "high",
    ),
    Draft("Let people save a configuration and send it to a friend", "A short link is enough, no account needed."),
    Draft(
        "Write the page on how a cargo bike replaces the second car", "With two families who did it. No stock photos."
    ),
    Draft("Replace the big photo: its box is from last year's model", priority="medium"),
    Draft("Product pages jump while the fonts load"),
    Draft("Move the newsletter form below the test-ride button"),
    Draft("Test rides can be booked for yesterday", "`POST /test-rides` takes any date. Three people tried.", "urgent"),
    Draft("Search finds nothing for “child seat”", "We call it *child bench*. Add the words people use.", "medium"),
    Draft("Explain leasing in three sentences, not on three screens"),
    Draft("Make the workshop videos smaller", "62 MB for forty seconds of a wheel being trued."),
    Draft("Describe every picture in the gallery for screen readers", priority="medium"),
    Draft("Basket shows net prices to private customers", priority="urgent"),
    Draft(
        "Watch five people configure a bike", "At their kitchen table, not at ours. Say nothing, write everything down."
    ),
    Draft("Site map still lists the old blog"),
    Draft("Reviews: newest first, and the bad ones too"),
    Draft("Dealer map stays empty when the location is refused"),
    Draft("Make the checkout work with the keyboard alone", priority="medium"),
    Draft("Contact form sends every message twice", "Since the update on Monday.", "high"),
    Draft("Order confirmations in the customer's language", priority="medium"),
    Draft(
        "Move the shop to the new payment provider",
        "1. test account, all four ways to pay\n2. refunds\n3. both providers side by side for two weeks\n"
        "4. old contract ends with the quarter, see FIN",
        "high",
    ),
    Draft("Decide which cookies we need at all", "My bet: one."),
    Draft("Find out where people leave the checkout"),
    Draft("Landing page for craftspeople", "Tools, ladders, 80 kg of tiles. Ask Bruno whether we may show his bike."),
    Draft("Rework the 404 page: a lost bike, not a lost visitor"),
    Draft("Put the recall of batch 5 chargers on the support page", "Wording is agreed with @daniel.", "urgent"),
)

_TEXTS = (
    "the configurator", "the warranty terms", "the page on battery safety", "the leasing page", "the order e-mails",
    "the assembly guide",
)  # fmt: skip

SERIES = (
    Series("Translate {x} into French", _TEXTS, "From the English text as of today. Ask before you translate jokes."),
    Series("Translate {x} into German", _TEXTS, "Formal *Sie* in contracts, *du* everywhere else."),
    Series(
        "Photograph {x} for the shop",
        (
            "the rain cover", "the child bench", "the flat bed", "the dog ramp", "the front rack", "the lockable lid",
            "the people of the workshop", "the belt drive",
        ),
        "Daylight, in the yard, one with hands in the picture. 3:2 and square.",
    ),
    Series(
        "Guide: {x}",
        (
            "charging in winter", "loading 80 kg safely", "setting the belt's tension", "riding with two children",
            "parking a long bike in the city", "what to check before a long trip", "locking it so that it stays yours",
            "the first hundred kilometres",
        ),
        "About 600 words and four photos on *{x}*. Somebody who has never seen our bikes must understand it.",
    ),
    Series(
        "{x} takes over three seconds on a phone",
        ("The front page", "The configurator's first step", "The basket", "The list of dealers", "The gallery"),
        "Measured on a mid-range phone over 4G. Goal: under 1.5 s.",
        "medium",
    ),
    Series(
        "Broken: {x}",
        (
            "the configurator in Safari on an old iPad", "the menu when text is enlarged to 200 %",
            "the date picker in Firefox", "the map behind a strict ad blocker", "the basket in a second tab",
        ),
        "Seen twice: {x}. Screenshot in the folder.",
        "medium",
    ),
    Series(
        "Renew the certificate of {x}",
        ("shop.tidewater.example", "rides.tidewater.example", "help.tidewater.example", "mail.tidewater.example"),
        "It should renew itself. Find out why it doesn't, don't just click.",
        "high",
    ),
)  # fmt: skip

TALK = (
    (
        "Can't reproduce it on my machine. @{name} which browser?",
        "Safari 15, on the old iPad in the shop.",
        "Got it. Thanks.",
    ),
    ("It's on the test server now.", "Looks right to me, on the phone too.", "Then it goes live tonight."),
    ("@{name} is the text final?", "Final. Unless the lawyer has other ideas."),
    ("Down from 3.8 to 1.4 seconds.", "Wow. What was it?", "One font, loaded seven times."),
    ("Can we do without the animation?", "Gladly."),
    ("I'd rather fix the cause than add a third special case.", "Agreed, take the extra day."),
    ("The photos are great, but the bell is missing on number 4.", "You have good eyes. Will retake it."),
    ("Waiting for the translator's invoice address, then I send it off.",),
)

WEBSITE = ProjectDraft(
    key="WEB",
    name="Website and shop",
    description="Where people fall in love with a cargo bike, and then order it.",
    roles={
        "chloe": "owner", "jonas": "admin", "ines": "member", "daniel": "member", "liam": "member", "priya": "member",
        "maren": "commenter", "yusuf": "viewer",
    },
    count=68,
    singles=SINGLES,
    series=SERIES,
    talk=TALK,
)  # fmt: skip
