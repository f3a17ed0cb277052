"""Sentences of English-speaking clients. In each row: for a bad score, for a middling one, for a good one."""

OPENINGS = {
    "csat": (
        ("Not happy with how this went.", "This was a frustrating one for us.", "Honestly, we expected better."),
        ("It was fine, nothing more.", "Mixed feelings about this one.", "OK overall."),
        ("Really pleased with this.", "Great session, thank you!", "Exactly what we needed."),
    ),
    "nps": (
        (
            "I could not recommend you at the moment.",
            "Right now I would not put my name behind it.",
            "We are looking at alternatives.",
        ),
        ("I might recommend you, with a few caveats.", "Good partner on most days.", "Solid, but not outstanding yet."),
        (
            "I have already recommended you to two other companies.",
            "You are a real extension of our team.",
            "Easily the best agency we have worked with.",
        ),
    ),
    "ces": (
        (
            "Far too much chasing on our side.",
            "That took more effort than it should.",
            "Hard work, sorry to say.",
        ),
        ("Neither easy nor hard.", "It took a bit of back and forth.", "Could have been simpler."),
        ("Could not have been easier.", "One message and it was done.", "Painless, as usual."),
    ),
}

TOPICS = {
    "speed": (
        ("We waited three days for a first reply.", "Response times have slipped badly since last month."),
        ("Replies are OK, though we sometimes have to ask twice.", "A bit slow this time, but it got done."),
        ("You always get back to us the same morning.", "Super quick turnaround, even with our short notice."),
    ),
    "quality": (
        ("The draft had several mistakes we had already pointed out.", "We ended up redoing half of it ourselves."),
        ("The work is decent, the details need another look.", "Two small errors in the deck, otherwise good."),
        ("The quality of the work is outstanding.", "Our CEO used your slides without changing a word."),
    ),
    "people": (
        (
            "Since the handover nobody seems to know our account.",
            "Our new contact has not understood our business yet.",
        ),
        ("The team is friendly, but we rarely hear from them first.", "Nice people, a little junior for our topics."),
        ("Your team is a joy to work with.", "Our account manager knows our business better than some of us do."),
    ),
    "results": (
        ("The numbers have been going down for two quarters.", "We do not see the results we were promised."),
        ("Results are on target, hoping for more next quarter.", "Some campaigns work, others really don't."),
        ("The results speak for themselves.", "Best quarter we have ever had, much of it down to you."),
    ),
    "price": (
        ("Hard to justify the fee to our board.", "The price went up again, the service did not."),
        ("Good value, if not exactly cheap.", "Fair price, but the extras add up."),
        ("Worth every penny.", "Very good value for what we get."),
    ),
    "reporting": (
        (
            "The monthly report was late and the figures did not match ours.",
            "We cannot make sense of the reports.",
        ),
        ("The report is useful but too long.", "I would like the key figures on one page."),
        ("The new report is spot on.", "Clear figures, clear next steps."),
    ),
    "planning": (
        ("Deadlines were moved twice without telling us.", "No agenda, no minutes, no next steps."),
        ("Planning works, the hand-offs less so.", "We would like to know earlier what you need from us."),
        ("Well prepared, on time and to the point.", "We always know what happens next."),
    ),
}

CLOSINGS = (
    ("Please call me.", "Let's talk about this before the renewal.", "I hope this changes soon."),
    ("Thanks anyway.", "Room for improvement.", "Let's see how the next month goes."),
    ("Keep it up!", "Thanks to everyone involved.", "Looking forward to the next one :)"),
)
