"""Spanish, addressed as usted."""

from bot.tongues.spoken import Spoken

SPANISH = Spoken(
    language="es",
    add_comment="Añadir un comentario",
    title="Su comentario",
    label="Comentario",
    send="Enviar",
    close="Cancelar",
    kept="Muchas gracias. Hemos guardado su comentario.",
    tags_label="¿De qué se trataba?",
    tags={
        "communication": "Comunicación",
        "quality": "Calidad",
        "speed": "Rapidez",
        "expertise": "Conocimientos",
        "price": "Precio",
        "results": "Resultados",
    },
    less="Preguntarme menos",
    stop="No preguntarme más",
    undo="Deshacer",
    less_done="De acuerdo. Le preguntaremos la mitad de veces.",
    stop_done="De acuerdo. No le preguntaremos más.",
    undone="Hecho. Le preguntaremos como antes.",
    reminder="Un breve recordatorio: esta pregunta sigue abierta. Responder es voluntario.",
    held="Muchas gracias. Hemos guardado su respuesta.",
    page_title="Su opinión",
    page_scale="Elija una respuesta",
    page_answered="Su respuesta: {answer}",
    page_until="Puede cambiar su respuesta hasta el {day}.",
    page_change="Cambiar mi respuesta",
    page_privacy="Solo el equipo que trabaja con usted ve su respuesta. Nunca se muestra en un canal compartido.",
    page_anonymous="Su respuesta es anónima: se guarda sin su nombre.",
    page_opt_out="¿Preguntamos demasiado?",
    page_closed="Esta encuesta ya está cerrada y su respuesta no se ha guardado. Gracias de todos modos.",
    page_unknown="Este enlace no es válido o ha dejado de serlo. Pida uno nuevo a la persona que se lo envió.",
    page_busy="Ha sido un poco rápido. Espere un minuto e inténtelo de nuevo.",
    page_too_long="Acorte su comentario, por favor: tiene {characters} caracteres y el máximo es {most}.",
    page_sorry="Lo sentimos, algo ha fallado por nuestra parte. Inténtelo de nuevo. Referencia: {reference}",
    invitation=(
        "Hola, {name}:\n\nNos interesa su opinión: {question}\n\n"
        "Basta un clic para responder: {link}\n\nMuchas gracias."
    ),
    subject="Una breve pregunta",
)
