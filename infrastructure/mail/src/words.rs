//! What letters say: the same to everyone of a language.

use entente_application::ports::LetterLanguage;

/// The words of a language.
pub(crate) struct Words {
    pub(crate) subject: &'static str,
    /// Before the link.
    pub(crate) before: &'static str,
    /// After it.
    pub(crate) after: &'static str,
}

/// No case, party, sender, kind, count, name or size: whoever reads it over a shoulder learns that the centre wrote.
pub(crate) const fn words(language: LetterLanguage) -> Words {
    match language {
        LetterLanguage::French => Words {
            subject: "Du nouveau vous attend au centre de médiation",
            before: "Bonjour,\r\n\r\nDu nouveau vous attend au centre de médiation. Pour le lire, connectez-vous :",
            after: "Par souci de confidentialité, ce message n'en dit pas plus. Il est envoyé automatiquement : merci de ne \
                    pas y répondre.",
        },
        LetterLanguage::English => Words {
            subject: "Something new awaits you at the mediation centre",
            before: "Hello,\r\n\r\nSomething new awaits you at the mediation centre. To read it, sign in:",
            after: "For confidentiality this message says no more. It is sent automatically: please do not reply to it.",
        },
        LetterLanguage::German => Words {
            subject: "Neues wartet auf Sie beim Mediationszentrum",
            before: "Guten Tag,\r\n\r\nbeim Mediationszentrum wartet Neues auf Sie. Um es zu lesen, melden Sie sich an:",
            after: "Aus Gründen der Vertraulichkeit sagt diese Nachricht nicht mehr. Sie wird automatisch versandt: bitte \
                    antworten Sie nicht darauf.",
        },
        LetterLanguage::Spanish => Words {
            subject: "Hay novedades para usted en el centro de mediación",
            before: "Buenos días:\r\n\r\nHay novedades para usted en el centro de mediación. Para leerlas, inicie sesión:",
            after: "Por confidencialidad, este mensaje no dice nada más. Se envía automáticamente: le rogamos que no \
                    responda.",
        },
        LetterLanguage::Korean => Words {
            subject: "조정센터에 새로운 소식이 있습니다",
            before: "안녕하세요.\r\n\r\n조정센터에 새로운 소식이 있습니다. 확인하시려면 로그인해 주십시오.",
            after: "비밀 유지를 위해 이 메일에는 더 이상의 내용을 담지 않습니다. 자동으로 발송된 메일이므로 회신하지 \
                    마십시오.",
        },
    }
}
