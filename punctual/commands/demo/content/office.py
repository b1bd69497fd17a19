"""The house, the kitchen and the summer party."""

from punctual.commands.demo.content.drafts import Draft, ProjectDraft, Series

SINGLES = (
    Draft("Plan the move of two desks upstairs", "Before the painters come, after the network sockets are in."),
    Draft("Coffee machine: descale it and write down how", priority="medium"),
    Draft("Find a room for the owners' meeting", "Twelve people, a screen, daylight."),
    Draft("Fire drill", "Nobody is told the hour. Somebody takes the time.", "high"),
    Draft("New phone numbers on all cards"),
    Draft("Plants: who waters them in August?", "The ficus did not survive the last answer."),
    Draft("Change the alarm code", "Two people left since the last change.", "urgent"),
    Draft("Sort the lost-and-found box"),
    Draft(
        "Summer party",
        "On the quay, last Friday in June. Families welcome.\n\n- [ ] permit of the harbour office\n"
        "- [ ] music that neighbours forgive\n- [ ] plan for rain\n- [ ] cargo bike race, children's class",
        "medium",
    ),
    Draft("Agree on quiet hours in the big room"),
    Draft("Renew the lease of the copier, or not", "We printed 212 pages last month.", "medium"),
    Draft("Broken lock on the side door", priority="urgent"),
    Draft("Send postcards to all customers of the first year"),
    Draft("Pension papers for everybody", priority="medium"),
    Draft("Visitors' Wi-Fi: new password, on a sign people find"),
    Draft("List of who can be called at night, and for what", priority="high"),
    Draft("Secret presents: draw the names", "No gift over 15. Nothing that makes noise."),
    Draft("Clear the corridor, it is an escape route", priority="high"),
    Draft("Where do the cleaners find the new bags?"),
    Draft("Write to the neighbours before the delivery of the lorry"),
    Draft(
        "Back up the shared folder somewhere else",
        "And try to restore one file. A backup nobody restored is a hope.",
        "high",
    ),
    Draft("A name for the new meeting room", "Shortlist: Harbour, Puncture, Room 2."),
    Draft("Order new name plates"),
    Draft("Shelf for parcels by the door"),
    Draft("Calendar of school holidays, for the rota"),
    Draft("Ask who needs a standing desk"),
    Draft("Photo wall: the first hundred bikes"),
    Draft("Emergency numbers beside every telephone", priority="medium"),
)

SERIES = (
    Series(
        "Order {x} for the kitchen",
        ("coffee, two kinds", "oat milk", "tea", "dishwasher tablets", "a new kettle", "fruit for the week"),
        "Last order was too small by a third.",
    ),
    Series(
        "Summer party: {x}",
        (
            "grill and charcoal", "benches", "the band", "lights along the quay", "drinks", "the race's prizes",
            "first aid", "who drives whom home",
        ),
    ),
    Series(
        "Have {x} repaired",
        (
            "the dripping tap", "the blind in the meeting room", "the door closer", "the squeaking lift",
            "the radiator upstairs", "the letter box", "the dishwasher", "the bicycle pump in the yard",
        ),
        "Call the caretaker first; what he can't do goes to a firm, with an offer.",
    ),
    Series(
        "Get three offers for {x}",
        (
            "cleaning", "painting the stairs", "the heat pump's service", "the telephone system", "window cleaning",
            "winter service in the yard", "new chairs", "the roof over the bike stands",
        ),
        "Three offers for {x}, side by side, price per year. The cheapest isn't always the one.",
        "medium",
    ),
)  # fmt: skip

TALK = (
    ("I'm in the shop tomorrow anyway, can bring it.", "You are a hero, @{name}."),
    ("Offer two is the best, and they can come next week.", "Take it."),
    ("Who has the receipt?", "In the tin, as always."),
    ("Wednesday would suit everybody but @{name}.", "I'll manage, Wednesday it is."),
    ("Done, and there was cake.", "Was?", "Was."),
    ("Caretaker says tomorrow.", "He said that yesterday.", "He says it with more conviction today."),
    ("Can we decide this without a meeting? I'm for blue.", "Blue.", "Blue."),
)

OFFICE = ProjectDraft(
    key="OFFICE",
    name="Office",
    description="The house, the kitchen, the summer party: what makes it a good place to work.",
    roles={
        "ana": "owner", "sofia": "admin", "ines": "member", "tomasz": "member", "maren": "member", "yusuf": "member",
        "priya": "member", "jonas": "member", "chloe": "member", "daniel": "member", "mei": "viewer", "liam": "viewer",
    },
    count=58,
    singles=SINGLES,
    series=SERIES,
    talk=TALK,
)  # fmt: skip
