"""The bikes themselves: the Heron, and the lighter one that comes after it."""

from punctual.commands.demo.content.drafts import Draft, ProjectDraft, Series

SINGLES = (
    Draft(
        "Decide: belt or chain for the Sandpiper",
        "|  | belt | chain |\n|---|---|---|\n| weight | -0.4 kg | |\n| price | | -61 |\n"
        "| service | 20,000 km | 3,000 km |\n"
        "| any shop can mend it | no | yes |\n\nLet's decide on Friday, with a rider of each in the room.",
        "high",
    ),
    Draft("Sandpiper: get under 24 kg", "25.1 kg today. The box floor alone is 2.3.", "high"),
    Draft("Make the box fit through a door of 80 cm", priority="medium"),
    Draft("Steering damper feels stiff below 5 °C", "Three reports from Umeå, none from Lisbon. Grease?", "medium"),
    Draft("Where should the second battery go?"),
    Draft(
        "Talk to ten families before drawing the new bench", "Not customers only: also those who chose another bike."
    ),
    Draft(
        "Frame drawing, revision F", "Gusset at the head tube 2 mm longer, cable port moved. @jonas has the old file."
    ),
    Draft("Write the test plan for winter", "Salt, slush, minus fifteen, gloves."),
    Draft("Name the colours of next year", "Not *sea green 2*."),
    Draft("Why do kickstands come back?", "14 of 120. Spring, pin or people?", "high"),
    Draft("Choose between two motor firmware versions", "0.9.4 is quieter, 0.9.6 climbs better.", "medium"),
    Draft("Bell: one that can be rung with mittens"),
    Draft("Manual: chapter on loading", "With pictures of how *not* to."),
    Draft("Measure how far a child can pull the brake lever", priority="medium"),
    Draft("Cheaper reflector that still passes the test"),
    Draft("Collect wishes for the Heron's fifth year"),
    Draft("Lid lock freezes", "Drill a drain hole? Ask Maren, she tried.", "medium"),
    Draft("Talk to the city about the width of bike lanes"),
    Draft("Recall of batch 5 chargers: find the cause", "Thermal fuse sits 4 mm too far from the coil.", "urgent"),
    Draft("Parts list of the Sandpiper, first complete version", priority="high"),
    Draft("Display: bigger digits", "My mother can't read her speed. She is 61 and fast."),
    Draft("Patent search for the folding ramp"),
    Draft("Ask Osaka for the noise figures of the new motor", priority="medium"),
    Draft("Rear light must survive a pressure washer"),
    Draft("Rain cover, third try: no dripping into the neck", priority="medium"),
    Draft("Agree on what “done” means for a prototype"),
    Draft("Film the crash test and write down what we saw", priority="high"),
    Draft("Give the old prototypes to the vocational school"),
    Draft("Compare our ride with the three best of the others", "Honestly. Blind where possible."),
    Draft("Sandpiper: plan until the first delivery", "Backwards from the first of May.", "urgent"),
)

SERIES = (
    Series(
        "Test ride: {x}",
        (
            "the hill behind the harbour, loaded", "cobbles of the old town", "two children and shopping",
            "night and rain", "40 km along the dike", "rush hour, ring road", "sand and gravel",
            "ferry, stairs and lift",
        ),
        "Route: {x}. Write down what annoyed you **while** it annoys you.\n\n"
        "- start and end of the battery\n- noises, with the speed\n- what a passer-by asked",
    ),
    Series(
        "Prototype 3: {x}",
        (
            "cable rubs at the head tube", "box floor bends under 100 kg", "kickstand hits the pedal", "fender rattles",
            "front light blinds the rider", "hard to turn on the spot", "seat post slips", "battery lid opens on bumps",
            "brake hose too short at full lock", "crank creaks after rain", "paint chips at the dropout",
            "left grip turns loose",
        ),
        "Found on the test ride: {x}.\n\nCause first, remedy second, then the drawing.",
        "medium",
    ),
    Series(
        "Certify {x}",
        ("the frame", "the fork", "the battery", "the charger", "the child bench", "the lighting"),
        "Laboratory needs two samples of {x} and the drawing, four weeks ahead.",
        "high",
    ),
    Series(
        "Decide on {x}",
        (
            "the saddle", "tyres with or without reflex stripe", "the colour of the rims", "one lock or two",
            "the carton's size", "the warranty on frames", "a left-hand kickstand", "the spare key", "the tool kit",
            "hub gear or derailleur",
        ),
        "Options, prices and one recommendation. No recommendation, no meeting.",
    ),
    Series(
        "Drawing for the supplier: {x}",
        (
            "fork crown", "box hinge", "bench bracket", "lid profile", "belt guard", "battery rail", "ramp plate",
            "kickstand pin", "cable port", "head badge",
        ),
        "PDF and STEP, tolerances on every dimension that matters and on no other.",
    ),
)  # fmt: skip

TALK = (
    (
        "I rode it to work. Much better, but it still hums.",
        "At which speed?",
        "Between 20 and 23.",
        "Then it's the motor mount.",
    ),
    ("@{name} does the supplier accept ±0.1?", "±0.2 at that price.", "±0.2 is fine here."),
    ("Weighed it: 380 g less.", "With screws?", "With screws."),
    ("New drawing is in the folder, revision marked in red.", "Seen. Radius at the corner is still 2, should be 3."),
    ("Can we try it with the old bracket first?", "Yes, two of them lie in the drawer."),
    (
        "Laboratory says four weeks.",
        "@{name} that moves the first delivery.",
        "I know. I called them, three and a half.",
    ),
    ("My son broke it in ten minutes. So: not yet.", "Hire him."),
    ("Tested with gloves: fails.",),
)

PRODUCT = ProjectDraft(
    key="PROD",
    name="Product",
    description="The Heron gets better, the Sandpiper gets real.",
    roles={
        "priya": "owner", "jonas": "admin", "ines": "member", "maren": "member", "mei": "member", "daniel": "member",
        "tomasz": "member", "liam": "commenter", "chloe": "viewer",
    },
    count=76,
    singles=SINGLES,
    series=SERIES,
    talk=TALK,
)  # fmt: skip
