"""English."""

from bot.tongues.spoken import Spoken

ENGLISH = Spoken(
    language="en",
    add_comment="Add a comment",
    title="Your comment",
    label="Comment",
    send="Send",
    close="Cancel",
    kept="Thank you! Your comment has been saved.",
    tags_label="What was it about?",
    tags={
        "communication": "Communication",
        "quality": "Quality",
        "speed": "Speed",
        "expertise": "Expertise",
        "price": "Price",
        "results": "Results",
    },
    less="Ask me less often",
    stop="Stop asking me",
    undo="Undo",
    less_done="Understood. We will ask you half as often.",
    stop_done="Understood. We will not ask you again.",
    undone="Done. We will ask you as before.",
    reminder="A short reminder: this question is still open. Answering is up to you.",
    held="Thank you! Your answer has been saved.",
    page_title="Your feedback",
    page_scale="Choose one answer",
    page_answered="Your answer: {answer}",
    page_until="You can change your answer until {day}.",
    page_change="Change my answer",
    page_privacy="Only the team that works with you sees your answer. It is never shown in a shared channel.",
    page_anonymous="Your answer is anonymous: it is stored without your name.",
    page_opt_out="Do we ask too often?",
    page_closed="This survey has closed, so your answer was not saved. Thank you all the same.",
    page_unknown="This link is not valid, or no longer works. Please ask the person who sent it for a new one.",
    page_busy="That was a little too fast. Please wait a minute and try again.",
    page_too_long="Please shorten your comment: it has {characters} characters, and {most} is the limit.",
    page_sorry="Sorry, something went wrong on our side. Please try again. Reference: {reference}",
    invitation=(
        "Hello {name},\n\nWe would value your opinion: {question}\n\nAnswering takes one click: {link}\n\nThank you!"
    ),
    subject="One short question",
)
