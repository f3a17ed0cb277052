"""Dutch, addressed as u."""

from bot.tongues.spoken import Spoken

DUTCH = Spoken(
    language="nl",
    add_comment="Opmerking toevoegen",
    title="Uw opmerking",
    label="Opmerking",
    send="Versturen",
    close="Annuleren",
    kept="Dank u wel. Uw opmerking is opgeslagen.",
    tags_label="Waar ging het over?",
    tags={
        "communication": "Communicatie",
        "quality": "Kwaliteit",
        "speed": "Snelheid",
        "expertise": "Deskundigheid",
        "price": "Prijs",
        "results": "Resultaten",
    },
    less="Minder vaak vragen",
    stop="Niet meer vragen",
    undo="Ongedaan maken",
    less_done="Begrepen. We vragen het u half zo vaak.",
    stop_done="Begrepen. We vragen het u niet meer.",
    undone="Gedaan. We vragen het u weer zoals voorheen.",
    reminder="Een korte herinnering: deze vraag staat nog open. Antwoorden is vrijwillig.",
    held="Dank u wel. Uw antwoord is opgeslagen.",
    page_title="Uw mening",
    page_scale="Kies één antwoord",
    page_answered="Uw antwoord: {answer}",
    page_until="U kunt uw antwoord wijzigen tot en met {day}.",
    page_change="Antwoord wijzigen",
    page_privacy=("Alleen het team dat met u werkt, ziet uw antwoord. Het wordt nooit in een gedeeld kanaal getoond."),
    page_anonymous="Uw antwoord is anoniem: het wordt zonder uw naam opgeslagen.",
    page_opt_out="Vragen we te vaak?",
    page_closed="Deze enquête is gesloten en uw antwoord is niet opgeslagen. Toch bedankt.",
    page_unknown="Deze link is niet of niet meer geldig. Vraag een nieuwe aan degene van wie u hem kreeg.",
    page_busy="Dat ging iets te snel. Wacht een minuut en probeer het opnieuw.",
    page_too_long="Maak uw opmerking korter: ze telt {characters} tekens en {most} is het maximum.",
    page_sorry="Excuses, er is bij ons iets misgegaan. Probeer het opnieuw. Referentie: {reference}",
    invitation=(
        "Beste {name},\n\nUw mening is waardevol voor ons: {question}\n\n"
        "Eén klik is genoeg om te antwoorden: {link}\n\nDank u wel."
    ),
    subject="Eén korte vraag",
)
