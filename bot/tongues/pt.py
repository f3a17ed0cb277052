"""Portuguese, formal without an address, in words that hold in Portugal and in Brazil."""

from bot.tongues.spoken import Spoken

PORTUGUESE = Spoken(
    language="pt",
    add_comment="Adicionar um comentário",
    title="O seu comentário",
    label="Comentário",
    send="Enviar",
    close="Cancelar",
    kept="Agradecemos o seu comentário. Já está guardado.",
    tags_label="De que se tratava?",
    tags={
        "communication": "Comunicação",
        "quality": "Qualidade",
        "speed": "Rapidez",
        "expertise": "Conhecimentos",
        "price": "Preço",
        "results": "Resultados",
    },
    less="Perguntar menos vezes",
    stop="Não perguntar mais",
    undo="Desfazer",
    less_done="Entendido. Vamos perguntar metade das vezes.",
    stop_done="Entendido. Não vamos perguntar mais.",
    undone="Feito. Vamos perguntar como antes.",
    reminder="Um breve lembrete: esta pergunta continua aberta. Responder é voluntário.",
    held="Agradecemos a sua resposta. Já está guardada.",
    page_title="A sua opinião",
    page_scale="Escolha uma resposta",
    page_answered="A sua resposta: {answer}",
    page_until="Pode alterar a sua resposta até {day}.",
    page_change="Alterar a resposta",
    page_privacy="Só quem acompanha a sua conta vê a sua resposta. Ela nunca é mostrada num canal comum.",
    page_anonymous="O seu nome não é guardado com a resposta: ninguém sabe de quem ela é.",
    page_opt_out="Perguntamos demais?",
    page_closed="Esta pergunta já está encerrada e a sua resposta não foi guardada. Mesmo assim, agradecemos.",
    page_unknown="Este link não é válido ou já não funciona. Por favor, peça um novo a quem o enviou.",
    page_busy="Foi um pouco rápido demais. Por favor, aguarde um minuto e tente novamente.",
    page_too_long="Por favor, encurte o comentário: tem {characters} caracteres e o limite é {most}.",
    page_sorry="Lamentamos, algo falhou do nosso lado. Por favor, tente novamente. Referência: {reference}",
    invitation=(
        "Olá, {name},\n\nGostaríamos de conhecer a sua opinião: {question}\n\n"
        "Basta um clique para responder: {link}\n\nAgradecemos desde já."
    ),
    subject="Uma breve pergunta",
)
