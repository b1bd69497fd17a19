"""The workshop, deliveries and the stores."""

from punctual.commands.demo.content.drafts import Draft, ProjectDraft, Series

SINGLES = (
    Draft("Move the wheel-truing stand closer to the window"),
    Draft("Order a second set of torque wrenches for bay 3", "The old set stays in bay 1. 5 to 25 and 20 to 110 Nm."),
    Draft(
        "Find out why the compressor trips the fuse when it starts",
        "Twice this week, both times first thing in the morning.\n\n"
        "- [ ] measure the current at start-up\n- [ ] ask the electrician about a slow fuse\n"
        "- [ ] until then: **start it before the lights and the welder**",
        "high",
    ),
    Draft("Return the brake pads that came in the wrong compound", "40 pairs, resin instead of sintered.", "medium"),
    Draft("Ask the fire inspector for a date before winter", priority="high"),
    Draft(
        "Write down how we pack a Heron for shipping overseas",
        "So that it doesn't live in Maren's head alone.\n\n1. front wheel off, axle taped to the fork\n"
        "2. handlebar turned, display in its own box\n3. battery **never** in the same crate\n4. photos of every side",
    ),
    Draft("Repair the left hinge of the loading ramp", priority="medium"),
    Draft("Count frames, forks and motors before the quarter ends", "The list goes to @yusuf.", "high"),
    Draft("Agree with the courier on pick-up times for December"),
    Draft("Send back 40 cracked bottle-cage mounts"),
    Draft("Test the new transport boxes for batteries", "Drop test from the van's edge, with a dead battery inside."),
    Draft("Clear the shelf of repairs that nobody came for"),
    Draft("Ask whether the paint shop can take 12 frames a week", "Now it is 8. From March we build 11.", "medium"),
    Draft("Label the spare parts drawers in bay 2"),
    Draft(
        "Get the bikes for the city's lending scheme ready",
        "Twelve Herons, sea green, with the city's sticker on the box.\n\n| what | who |\n|---|---|\n"
        "| locks and keys | Maren |\n| hand-over sheet | Daniel |\n| insurance papers | Yusuf |",
        "high",
    ),
    Draft("Make the workshop rota for the holidays", "Two people each day, one of them with a van licence."),
    Draft("Stop the leak in the skylight above bay 1", "The bucket is full after one night of rain.", "urgent"),
    Draft("Agree with the recycler on a container for old batteries", priority="medium"),
    Draft("Train two more people on the forklift", "Tomasz and one of the mechanics; the course is two days."),
    Draft("Get a quote for better light in the assembly hall"),
    Draft("Set up a shelf for warranty returns, a slip on each", "No slip, no shelf."),
    Draft("Replace the first-aid boxes that expire this year"),
    Draft(
        "Draw up the checklist for the final inspection", "One page. Whoever signs it has ridden the bike.", "medium"
    ),
    Draft("Collect the serial numbers of all motors of batch 7", priority="medium"),
    Draft("Ask the customers of the last ten deliveries how it went"),
    Draft("Reserve a van for the fair in Utrecht"),
    Draft("Compare prices for rear hubs from three suppliers"),
    Draft("Mend the drip under the parts washer"),
    Draft("Untangle orders TW-2231 and TW-2213", "Each has the other's box colour. Nobody has noticed yet.", "urgent"),
    Draft("Fetch the demo bike from the mayor's office"),
)

SERIES = (
    Series(
        "Deliver the Heron to {x}",
        (
            "the bakery on Pier Street", "Kaya's flower shop", "the Northside kindergarten", "Dr. Amsel's practice",
            "the parcel cooperative", "the library on wheels", "Bruno's coffee cart", "the housing association",
            "the Lindgren family", "the hospital's laundry",
        ),
        "Bring the bike to {x} and don't leave before they have ridden it.\n\n"
        "- [ ] battery charged, second key in the envelope\n- [ ] box fitted, lid tried in the rain\n"
        "- [ ] ten minutes of riding together\n- [ ] hand-over sheet signed",
        "medium",
    ),
    Series(
        "Yearly service of the {x}",
        (
            "compressor", "pillar drill", "welding fume extractor", "forklift", "spoke cutter",
            "frame alignment table", "hydraulic press", "paint booth fans",
        ),
        "The sticker on the {x} runs out this year. The service book lies in the blue folder.",
    ),
    Series(
        "Reorder {x} before they run out",
        (
            "brake cables", "20-inch tyres", "26-inch tubes", "belt tensioners", "motor screws M6x20",
            "spokes of 184 mm", "box hinges", "rain covers", "kickstand springs", "chain guards",
        ),
        "We have {x} for about three weeks. Same supplier as last time, unless @mei found a better one.",
    ),
    Series(
        "Warranty: {x}",
        (
            "belt slips on a Heron of batch 6", "display stays dark in the cold", "kickstand spring broke twice",
            "box hinge rusts after one winter", "light flickers when the battery is low", "creaking head tube",
            "bolt of the rear rack sheared off", "rain cover tears at the seam", "motor hums at 22 km/h",
            "charger gets too hot to hold",
        ),
        "Reported by the customer: *{x}*.\n\n1. photo and serial number\n2. replace at our cost\n"
        "3. part into the returns shelf, with a slip\n4. tell product if it is the third of its kind",
        "medium",
    ),
    Series(
        "Safety walk through {x}",
        ("bay 1", "the paint shop", "the battery room", "the yard", "the assembly hall", "the outer store"),
        "Half an hour with open eyes: exits free, extinguishers reachable, cables whole, nothing stacked too high.",
    ),
    Series(
        "Take the {x} to its inspection",
        ("blue van", "long van", "box trailer"),
        "Papers are in the glove compartment. Ask for a lift back.",
    ),
    Series(
        "Check on arrival: {x}",
        ("forks from Pardubice", "the first frames from batch 9", "saddles in the new fabric", "wheels from Lyon"),
        "Count first, then look at every tenth piece. What fails goes back on the same lorry.",
    ),
)  # fmt: skip

TALK = (
    ("Is the part here already?", "It came this morning, it's on the shelf by the door.", "Found it, thanks."),
    ("@{name} can you spare an hour for this on Thursday?", "Thursday after two is fine.", "Then after two."),
    (
        "I tried it yesterday: works, but the left side needs another millimetre.",
        "Ground it off. Try again?",
        "Perfect now.",
    ),
    ("The supplier says two weeks.", "@{name} do we have enough until then?", "Just about, if nobody breaks anything."),
    ("The customer called: could we come an hour later?", "No problem, the van is free until five."),
    ("Photos are in the shared folder.", "Seen them. That's the third one from batch 6, @{name}."),
    ("Who has the key to the outer store?", "Hangs in bay 2, behind the calendar."),
    ("Done as far as I can do it without the second wrench set.",),
)

OPERATIONS = ProjectDraft(
    key="OPS",
    name="Operations",
    description="The workshop, deliveries and everything that keeps the bikes rolling.",
    roles={
        "tomasz": "owner", "maren": "admin", "ines": "member", "daniel": "member", "mei": "member", "liam": "member",
        "yusuf": "commenter", "sofia": "viewer",
    },
    count=80,
    singles=SINGLES,
    series=SERIES,
    talk=TALK,
)  # fmt: skip
