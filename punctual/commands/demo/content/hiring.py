"""Finding colleagues, and welcoming them."""

from punctual.commands.demo.content.drafts import Draft, ProjectDraft, Series

SINGLES = (
    Draft(
        "Write the ad for a second bicycle mechanic",
        "What we promise must be true on their third day.\n\n- four-day week possible\n- own bench, own tools\n"
        "- nobody works alone in the evening",
        "high",
    ),
    Draft(
        "Agree on the salary range for the web developer",
        "Before the ad goes out, and then it stands in the ad.",
        "high",
    ),
    Draft("Ask Maren which questions show who can really weld"),
    Draft(
        "Answer everybody who has waited longer than a week", "Everybody. Two friendly sentences are enough.", "urgent"
    ),
    Draft("Put the mechanic's ad on the board of the vocational school"),
    Draft("Find a second person for every interview"),
    Draft("Rewrite the web developer's ad without the word “rockstar”"),
    Draft(
        "Plan the open day for apprentices",
        "Saturday, ten to two. Everybody leaves with a bell they mounted themselves.",
    ),
    Draft("Decide whether we take an intern in spring"),
    Draft("Compare three offers for the pension plan", priority="medium"),
    Draft("Write down how a first week with us looks"),
    Draft("Ask the last three who joined what surprised them"),
    Draft("Delete the papers of applicants from last year", "The law says six months. Mailboxes too.", "high"),
    Draft("Contract for the new driver", "Part time, three days. Insurance needs the licence's copy.", "urgent"),
    Draft("Find out what a work permit takes for Amara", priority="high"),
    Draft("Set up the mentor pairs"),
    Draft("Draft an offer for the web developer", priority="high"),
    Draft("Yearly talks: send out the dates", "One hour each, not in the workshop."),
    Draft("Check the wording on part-time work in all contracts"),
    Draft("Ask the city about subsidies for apprentices"),
    Draft("Photo for the careers page, with everybody who wants to be on it"),
    Draft("Say thank you to the people who recommended somebody"),
    Draft("Prepare the trial task for mechanics", "A bent derailleur hanger and a brake that only seems fine."),
    Draft("Book the German course for Amara and Luis"),
)

SERIES = (
    Series(
        "Interview {x}",
        (
            "Hanna Vogel, mechanic", "Luis Ortega, mechanic", "Pavel Novák, mechanic", "Greta Lund, web developer",
            "Sami Haddad, web developer", "Ruth Abel, web developer", "Noor Jansen, support", "Felix Braun, support",
            "Carla Reyes, bookkeeping", "Anton Weiss, driver", "Moira Keane, driver", "Amara Diallo, frame builder",
        ),
        "Forty-five minutes, two of us.\n\n1. What did you build or repair last, and what went wrong?\n"
        "2. A question of theirs\n3. Show them the bench they would work at\n\n"
        "Notes within the day, while they are fresh.",
        "medium",
    ),
    Series(
        "Trial day: {x}",
        ("Hanna Vogel", "Luis Ortega", "Pavel Novák", "Amara Diallo", "Anton Weiss"),
        "Paid, nine to four, lunch together. Ask {x} at the end what they would change.",
    ),
    Series(
        "Call the references of {x}",
        ("Hanna Vogel", "Greta Lund", "Noor Jansen", "Carla Reyes", "Amara Diallo"),
        "One question matters: would you work with {x} again?",
    ),
    Series(
        "First day of the new mechanic: {x}",
        (
            "keys and alarm code", "tool cabinet", "work clothes and shoes", "account and telephone",
            "lunch with the team", "safety briefing",
        ),
    ),
)  # fmt: skip

TALK = (
    (
        "Good talk. Calm, asks before touching anything. @{name} your view?",
        "Same. I'd invite for a trial day.",
        "Invited.",
    ),
    ("No answer for five days.", "Give it until Monday, then one friendly call."),
    ("@{name} can you sit in on Tuesday at ten?", "Yes, but I must leave at eleven sharp."),
    ("Salary is a bit above the range.", "Then let's talk about the range, not about the person."),
    ("The trial day went well. Fixed the brake *and* found the hanger.", "Offer today?", "Offer today."),
    ("She took another job.", "Pity. Ask if we may call again in spring."),
    ("Contract is signed and in the folder.",),
)

HIRING = ProjectDraft(
    key="HIRE",
    name="Hiring",
    description="Finding good colleagues, and giving them a good start.",
    roles={
        "sofia": "owner", "ines": "admin", "tomasz": "member", "chloe": "member", "ana": "member", "maren": "commenter",
    },
    count=52,
    singles=SINGLES,
    series=SERIES,
    talk=TALK,
)  # fmt: skip
