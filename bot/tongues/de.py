"""German, addressed as Sie."""

from bot.tongues.spoken import Spoken

GERMAN = Spoken(
    language="de",
    add_comment="Kommentar hinzufügen",
    title="Ihr Kommentar",
    label="Kommentar",
    send="Senden",
    close="Abbrechen",
    kept="Vielen Dank! Ihr Kommentar ist gespeichert.",
    tags_label="Worum ging es?",
    tags={
        "communication": "Kommunikation",
        "quality": "Qualität",
        "speed": "Geschwindigkeit",
        "expertise": "Fachwissen",
        "price": "Preis",
        "results": "Ergebnisse",
    },
    less="Seltener fragen",
    stop="Nicht mehr fragen",
    undo="Rückgängig machen",
    less_done="Verstanden. Wir fragen Sie nur noch halb so oft.",
    stop_done="Verstanden. Wir fragen Sie nicht mehr.",
    undone="Erledigt. Wir fragen Sie wieder wie bisher.",
    reminder="Eine kurze Erinnerung: Diese Frage ist noch offen. Die Antwort ist freiwillig.",
    held="Vielen Dank! Ihre Antwort ist gespeichert.",
    page_title="Ihre Rückmeldung",
    page_scale="Wählen Sie eine Antwort",
    page_answered="Ihre Antwort: {answer}",
    page_until="Sie können Ihre Antwort bis {day} ändern.",
    page_change="Antwort ändern",
    page_privacy=(
        "Nur das Team, das mit Ihnen arbeitet, sieht Ihre Antwort. In einem gemeinsamen Kanal wird sie nie gezeigt."
    ),
    page_anonymous="Ihre Antwort ist anonym: Sie wird ohne Ihren Namen gespeichert.",
    page_opt_out="Fragen wir zu oft?",
    page_closed=("Diese Umfrage ist beendet, deshalb wurde Ihre Antwort nicht gespeichert. Trotzdem vielen Dank."),
    page_unknown=(
        "Dieser Link ist ungültig oder nicht mehr gültig. Bitten Sie die Person, von der Sie ihn haben, um einen neuen."
    ),
    page_busy="Das war etwas zu schnell. Bitte warten Sie eine Minute und versuchen Sie es erneut.",
    page_too_long="Bitte kürzen Sie Ihren Kommentar: Er hat {characters} Zeichen, möglich sind {most}.",
    page_sorry="Leider ist bei uns etwas schiefgegangen. Bitte versuchen Sie es erneut. Referenz: {reference}",
    invitation=(
        "Guten Tag {name},\n\nIhre Meinung ist uns wichtig: {question}\n\nEin Klick genügt: {link}\n\nVielen Dank!"
    ),
    subject="Eine kurze Frage",
)
