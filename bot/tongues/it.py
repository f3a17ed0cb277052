"""Italian, addressed as Lei."""

from bot.tongues.spoken import Spoken

ITALIAN = Spoken(
    language="it",
    add_comment="Aggiungi un commento",
    title="Il Suo commento",
    label="Commento",
    send="Invia",
    close="Annulla",
    kept="Grazie. Il Suo commento è stato salvato.",
    tags_label="Di che cosa si trattava?",
    tags={
        "communication": "Comunicazione",
        "quality": "Qualità",
        "speed": "Rapidità",
        "expertise": "Competenza",
        "price": "Prezzo",
        "results": "Risultati",
    },
    less="Chiedere meno spesso",
    stop="Non chiedere più",
    undo="Annulla la scelta",
    less_done="Va bene. Le faremo domande la metà delle volte.",
    stop_done="Va bene. Non Le faremo più domande.",
    undone="Fatto. Le faremo domande come prima.",
    reminder="Un breve promemoria: questa domanda è ancora aperta. Rispondere è facoltativo.",
    held="Grazie. La Sua risposta è stata salvata.",
    page_title="Il Suo parere",
    page_scale="Scelga una risposta",
    page_answered="La Sua risposta: {answer}",
    page_until="Può modificare la risposta fino al giorno {day}.",
    page_change="Modifica la risposta",
    page_privacy="Solo il team che lavora con Lei vede la Sua risposta. Non compare mai in un canale condiviso.",
    page_anonymous="La Sua risposta è anonima: viene salvata senza il Suo nome.",
    page_opt_out="Chiediamo troppo spesso?",
    page_closed="Il sondaggio è chiuso e la Sua risposta non è stata salvata. Grazie comunque.",
    page_unknown="Questo link non è valido o non lo è più. Ne chieda uno nuovo a chi glielo ha inviato.",
    page_busy="È stato un po’ troppo veloce. Attenda un minuto e riprovi.",
    page_too_long="Per favore, abbrevi il commento: ha {characters} caratteri e il limite è {most}.",
    page_sorry="Ci scusiamo, qualcosa non ha funzionato da parte nostra. Riprovi. Riferimento: {reference}",
    invitation=(
        "Buongiorno {name},\n\nci interessa il Suo parere: {question}\n\n"
        "Basta un clic per rispondere: {link}\n\nGrazie."
    ),
    subject="Una breve domanda",
)
