"""French, addressed as vous; \\u00a0 and \\u202f keep a mark on the line of its word."""

from bot.tongues.spoken import Spoken

FRENCH = Spoken(
    language="fr",
    add_comment="Ajouter un commentaire",
    title="Votre commentaire",
    label="Commentaire",
    send="Envoyer",
    close="Annuler",
    kept="Merci. Votre commentaire est enregistré.",
    tags_label="De quoi s’agissait-il\u202f?",
    tags={
        "communication": "Communication",
        "quality": "Qualité",
        "speed": "Rapidité",
        "expertise": "Expertise",
        "price": "Prix",
        "results": "Résultats",
    },
    less="Me solliciter moins souvent",
    stop="Ne plus me solliciter",
    undo="Annuler ce choix",
    less_done="C’est noté. Nous vous solliciterons deux fois moins souvent.",
    stop_done="C’est noté. Nous ne vous solliciterons plus.",
    undone="C’est fait. Nous vous solliciterons comme avant.",
    reminder="Un petit rappel\u00a0: cette question est toujours ouverte. Vous êtes libre d’y répondre ou non.",
    held="Merci. Votre réponse est enregistrée.",
    page_title="Votre avis",
    page_scale="Choisissez une réponse",
    page_answered="Votre réponse\u00a0: {answer}",
    page_until="Vous pouvez modifier votre réponse jusqu’au {day}.",
    page_change="Modifier ma réponse",
    page_privacy=(
        "Seule l’équipe qui travaille avec vous voit votre réponse. Elle n’apparaît jamais dans un canal partagé."
    ),
    page_anonymous="Votre réponse est anonyme\u00a0: elle est enregistrée sans votre nom.",
    page_opt_out="Trop de questions\u202f?",
    page_closed="Cette enquête est terminée et votre réponse n’a pas été enregistrée. Merci tout de même.",
    page_unknown=(
        "Ce lien n’est pas valable, ou ne l’est plus. "
        "Veuillez en demander un nouveau à la personne qui vous l’a envoyé."
    ),
    page_busy="C’était un peu trop rapide. Veuillez patienter une minute, puis réessayer.",
    page_too_long=(
        "Veuillez raccourcir votre commentaire\u00a0: il compte {characters} caractères, la limite est de {most}."
    ),
    page_sorry="Désolés, une erreur s’est produite de notre côté. Veuillez réessayer. Référence\u00a0: {reference}",
    invitation=(
        "Bonjour {name},\n\nVotre avis nous intéresse\u00a0: {question}\n\n"
        "Un clic suffit pour répondre\u00a0: {link}\n\nMerci d’avance."
    ),
    subject="Une courte question",
)
