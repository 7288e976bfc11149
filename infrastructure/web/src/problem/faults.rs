//! The facade's own problems: those of HTTP, of the form of a request, and of the machine behind it.

use axum::http::StatusCode;
use entente_domain::questionnaire::Bilingual;

macro_rules! faults {
    ($(
        $(#[$doc:meta])*
        $name:ident: $status:ident, $code:literal, ($title_fr:literal, $title_en:literal), $fr:literal, $en:literal;
    )*) => {
        /// A problem that is not a case's refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault { $($(#[$doc])* $name),* }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name for programs; never changes.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// Its status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),* }
            }

            /// Its type in a few words.
            pub const fn title(self) -> Bilingual {
                match self { $(Self::$name => Bilingual { fr: $title_fr, en: $title_en }),* }
            }

            /// What to do about it.
            pub const fn detail(self) -> Bilingual {
                match self { $(Self::$name => Bilingual { fr: $fr, en: $en }),* }
            }
        }
    };
}

faults! {
    /// The body is larger than any request needs.
    TooLarge: PAYLOAD_TOO_LARGE, "body-too-large", ("Corps trop grand", "Body too large"),
        "Le corps dépasse 64 Kio ; raccourcissez-le.", "The body is larger than 64 KiB; shorten it.";
    /// The body came too slowly.
    TooSlow: REQUEST_TIMEOUT, "too-slow", ("Trop lent", "Too slow"),
        "La requête n’est pas arrivée à temps ; renvoyez-la.", "The request did not arrive in time; send it again.";
    /// No token, or one that is not good.
    Unauthenticated: UNAUTHORIZED, "unauthenticated", ("Jeton requis", "Token needed"),
        "Envoyez un jeton valable dans l’en-tête Authorization: Bearer.",
        "Send a valid token in the header Authorization: Bearer.";
    /// The token's roles do not open this route.
    Forbidden: FORBIDDEN, "forbidden", ("Rôle insuffisant", "Not your role"),
        "Les rôles de ce jeton ne donnent pas accès à ce service.",
        "The roles of this token do not open this route.";
    /// The path exists, the method does not.
    MethodNotAllowed: METHOD_NOT_ALLOWED, "method-not-allowed", ("Méthode non admise", "Method not allowed"),
        "Employez une des méthodes que nomme l’en-tête Allow.", "Use one of the methods in the header Allow.";
    /// Something about the request that has no name of its own.
    BadRequest: BAD_REQUEST, "bad-request", ("Requête illisible", "Bad request"),
        "La requête n’est pas lisible ; voyez la description de l’API.",
        "The request cannot be read; see the API's description.";
    /// A header does not say what it should.
    BadHeader: BAD_REQUEST, "bad-header", ("En-tête illisible", "Bad header"),
        "Un en-tête de la requête n’a pas la forme attendue.",
        "A header of the request does not have the expected form.";
    /// The query string does not say what it should.
    BadQuery: BAD_REQUEST, "bad-query", ("Paramètre illisible", "Bad query"),
        "Un paramètre de la requête est inconnu ou n’a pas la forme attendue.",
        "A query parameter is unknown or does not have the expected form.";
    /// A place in a list that no list has given.
    BadCursor: BAD_REQUEST, "bad-cursor", ("Curseur illisible", "Bad cursor"),
        "Reprenez tel quel le champ next de la page précédente.", "Send the field next of the page before as it was.";
    /// The body is no JSON, or not of the shape that is asked for.
    Malformed: BAD_REQUEST, "malformed-body", ("Corps illisible", "Malformed body"),
        "Le corps n’est pas du JSON de la forme attendue ; voyez la description de l’API.",
        "The body is not JSON of the expected shape; see the API's description.";
    /// A text that says nothing.
    Empty: UNPROCESSABLE_ENTITY, "empty", ("Texte vide", "Empty text"),
        "Un texte ne peut être vide ; écrivez-le et renvoyez.", "A text must not be empty; write it and send again.";
    /// A text beyond its limit.
    TooLong: UNPROCESSABLE_ENTITY, "too-large", ("Texte trop long", "Text too long"),
        "Un texte dépasse la longueur admise ; abrégez-le ou joignez un document.",
        "A text is longer than allowed; shorten it or submit a document.";
    /// An answer to something that the questionnaire does not ask.
    UnknownQuestion: UNPROCESSABLE_ENTITY, "unknown-question", ("Question inconnue", "Unknown question"),
        "Le questionnaire ne pose pas cette question ; relisez la version actuelle.",
        "The questionnaire does not ask this; read its current version.";
    /// A value of the right type that is not allowed.
    NotAllowed: UNPROCESSABLE_ENTITY, "value-not-allowed", ("Valeur non admise", "Value not allowed"),
        "Une valeur du corps n’est pas admise ; corrigez-la et renvoyez.",
        "A value in the body is not allowed; correct it and send again.";
    /// The name of a file would not be one on every machine.
    FileName: UNPROCESSABLE_ENTITY, "file-name-not-allowed", ("Nom de fichier non admis", "File name not allowed"),
        "Ce nom de fichier ne convient pas à toutes les machines ; renommez le fichier et renvoyez.",
        "This file name does not work on every machine; rename the file and send again.";
    /// The body is something else than JSON.
    NotJson: UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", ("Type non admis", "Unsupported media type"),
        "Envoyez du JSON, avec l’en-tête Content-Type: application/json.",
        "Send JSON, with the header Content-Type: application/json.";
    /// What the caller has read is no longer what is there.
    Precondition: PRECONDITION_FAILED, "precondition-failed", ("Page dépassée", "Page out of date"),
        "L’affaire a changé depuis votre lecture ; relisez-la avant d’agir.",
        "The case has changed since you read it; read it again before you act.";
    /// The same key came with another request.
    KeyReused: UNPROCESSABLE_ENTITY, "idempotency-key-reused", ("Clé déjà employée", "Key used before"),
        "Cette clé Idempotency-Key a servi à une autre requête ; prenez-en une nouvelle.",
        "This Idempotency-Key was used for another request; take a new one.";
    /// The audit asks about what has not come.
    NotComeYet: UNPROCESSABLE_ENTITY, "not-come-yet", ("Pas encore advenu", "Not come yet"),
        "Cet instant, ou cette position du journal, n’est pas encore advenu ; demandez-en un qui l’est.",
        "This instant, or position of the log, has not come yet; ask about one that has.";
    /// The audit asks about a time before the case.
    BeforeTheCase: UNPROCESSABLE_ENTITY, "before-the-case", ("Avant l’affaire", "Before the case"),
        "L’affaire, ou la pièce, n’existait pas encore, ou n’était pas encore connue du centre ; demandez plus tard.",
        "The case, or the item, was not there yet, or not known to the centre yet; ask about a later time.";
    /// A document beyond the limit.
    DocumentTooLarge: PAYLOAD_TOO_LARGE, "document-too-large", ("Document trop grand", "Document too large"),
        "Le document dépasse la taille admise ; réduisez-le ou divisez-le.",
        "The document is larger than allowed; make it smaller or split it.";
    /// The seat's documents would take more room than it has.
    OverQuota: UNPROCESSABLE_ENTITY, "over-quota", ("Place épuisée", "No room left"),
        "Vos documents dépasseraient la place admise dans cette affaire ; abandonnez un envoi, ou réduisez celui-ci.",
        "Your side's documents would exceed the room it has in this case; abandon an upload, or make this one smaller.";
    /// The upload goes on elsewhere.
    WrongOffset: CONFLICT, "wrong-offset", ("Mauvais octet de reprise", "Wrong offset"),
        "Reprenez à l’octet indiqué, avec l’en-tête Upload-Offset.",
        "Go on at the byte that is named, with the header Upload-Offset.";
    /// Less than a segment came.
    PartTooSmall: UNPROCESSABLE_ENTITY, "part-too-small", ("Partie trop petite", "Part too small"),
        "Rien n’en est gardé : envoyez au moins un segment, ou tout ce qui reste.",
        "Nothing of it was kept: send one segment at least, or all that is left.";
    /// More came than was announced.
    MoreThanAnnounced: UNPROCESSABLE_ENTITY, "more-than-announced", ("Plus qu’annoncé", "More than announced"),
        "Le fichier est plus grand qu’annoncé ; annoncez-le à nouveau avec sa vraie taille.",
        "The file is larger than announced; announce it again with its true size.";
    /// The bytes stopped coming.
    CutOff: BAD_REQUEST, "cut-off", ("Envoi interrompu", "Upload cut off"),
        "Demandez où en est l’envoi, et reprenez là.", "Ask how far the upload has come, and go on there.";
    /// A document that is not all there cannot be submitted.
    UploadIncomplete: CONFLICT, "upload-incomplete", ("Envoi incomplet", "Upload incomplete"),
        "Le document n’est pas entier ; envoyez la suite, puis déposez-le.",
        "The document is not all there; send the rest, then submit it.";
    /// A document that is all there cannot be abandoned.
    UploadComplete: CONFLICT, "upload-complete", ("Envoi complet", "Upload complete"),
        "Le document est entier ; déposez-le, ou laissez-le : il disparaîtra de lui-même.",
        "The document is all there; submit it, or leave it: it goes by itself.";
    /// Another file came than was announced.
    WrongDigest: UNPROCESSABLE_ENTITY, "wrong-digest", ("Autre fichier qu’annoncé", "Not the file announced"),
        "Ce qui est arrivé n’est pas le fichier annoncé, et est écarté ; annoncez-le à nouveau.",
        "What arrived is not the file that was announced, and is discarded; announce it again.";
    /// A file with nothing in it.
    EmptyFile: UNPROCESSABLE_ENTITY, "empty-file", ("Fichier vide", "Empty file"),
        "Le fichier est vide ; choisissez-en un autre.", "The file is empty; choose another.";
    /// A file that is two things at once.
    AmbiguousFile: UNPROCESSABLE_ENTITY, "ambiguous-file", ("Fichier équivoque", "Ambiguous file"),
        "Le fichier se lit de deux façons, et est écarté ; enregistrez-le à nouveau avec son logiciel.",
        "The file can be read as two things at once, and is discarded; save it anew with its own program.";
    /// A file that unpacks to far more than it is.
    FileBomb: UNPROCESSABLE_ENTITY, "decompression-bomb", ("Archive démesurée", "Decompression bomb"),
        "Décompressé, le fichier serait démesuré, et est écarté ; déposez ce qu’il contient, fichier par fichier.",
        "Unpacked, the file would be out of all measure, and is discarded; submit what is in it, file by file.";
    /// A file that its own format does not allow.
    DamagedFile: UNPROCESSABLE_ENTITY, "damaged-file", ("Fichier abîmé", "Damaged file"),
        "Le fichier est abîmé ou incomplet, et est écarté ; enregistrez-le à nouveau et annoncez-le.",
        "The file is damaged or incomplete, and is discarded; save it anew and announce it.";
    /// Malware was found.
    Malware: UNPROCESSABLE_ENTITY, "malware", ("Logiciel malveillant", "Malware"),
        "Le contrôle a trouvé un logiciel malveillant ; le fichier est écarté. Nettoyez-le ou choisissez-en un autre.",
        "The check found malware, and the file is discarded; clean it or choose another.";
    /// The scanner does not answer.
    NotScanned: SERVICE_UNAVAILABLE, "not-scanned", ("Pas encore contrôlé", "Not scanned yet"),
        "Le contrôle des fichiers ne répond pas ; tout est arrivé : redemandez plus tard, sans octet, depuis la fin.",
        "The check for malware does not answer; all has arrived: ask again later, from the end and with no bytes.";
    /// No such bytes.
    NoSuchRange: RANGE_NOT_SATISFIABLE, "no-such-range", ("Hors du document", "No such range"),
        "Le document ne va pas jusque-là ; demandez une partie qui existe.",
        "The document does not reach that far; ask for a part that is there.";
    /// The vault is full.
    VaultFull: INSUFFICIENT_STORAGE, "vault-full", ("Coffre plein", "Vault full"),
        "Le centre n’a plus de place pour des documents ; avertissez-le et réessayez plus tard.",
        "The centre has no room left for documents; tell it, and try again later.";
    /// The vault does not answer.
    VaultUnavailable: SERVICE_UNAVAILABLE, "vault-unavailable", ("Coffre injoignable", "Vault unavailable"),
        "Le coffre des documents ne répond pas ; reprenez un peu plus tard, là où vous en êtes.",
        "The documents' vault does not answer; go on a little later, from where you are.";
    /// It is decided that something is erased, and its keys are still there.
    NotErasedYet: SERVICE_UNAVAILABLE, "not-erased-yet", ("Effacement en cours", "Being erased"),
        "L’effacement est décidé et se poursuit ; renvoyez la même requête pour savoir quand il est accompli.",
        "The erasure is decided and under way; send the same request again to learn when it is done.";
    /// One person sends too much at once.
    TooManyUploads: TOO_MANY_REQUESTS, "too-many-uploads", ("Trop d’envois à la fois", "Too many uploads at once"),
        "Trop de vos envois sont en cours ; attendez la fin de l’un d’eux.",
        "Too many of your uploads are under way; wait until one of them is finished.";
    /// An upload is gone on with in other bytes than it was begun with.
    OtherBytes: CONFLICT, "other-bytes", ("Autres octets", "Other bytes"),
        "Cet envoi contient déjà d’autres octets à cet endroit ; commencez un nouvel envoi.",
        "This upload holds other bytes there already; begin a new upload.";
    /// What is to be erased alone has no key of its own.
    SealedWithItsCase: CONFLICT, "sealed-with-its-case", ("Scellé avec son affaire", "Sealed with its case"),
        "Cet élément a été scellé avec toute l’affaire, par une version antérieure ; seule l’affaire entière peut être effacée.",
        "This was sealed together with its case, by an earlier version; only the whole case can be erased.";
    /// Who is to mediate has no accreditation that counts today.
    NotAccredited: CONFLICT, "not-accredited", ("Sans agrément valable", "Not accredited"),
        "Selon la liste, ce médiateur n’a pas d’agrément valable ce jour ; complétez son entrée, ou proposez le suivant.",
        "By the roster, no accreditation of this mediator counts today; complete the entry, or propose the next.";
    /// A period that ends before it begins.
    PeriodReversed: UNPROCESSABLE_ENTITY, "period-reversed", ("Période à l’envers", "Period reversed"),
        "La période finit avant de commencer ; écrivez d’abord le premier jour.",
        "The period ends before it begins; write the earlier day first.";
    /// A breakdown that there is not.
    UnknownBreakdown: UNPROCESSABLE_ENTITY, "unknown-breakdown", ("Ventilation inconnue", "Unknown breakdown"),
        "Les chiffres ne se ventilent pas ainsi ; choisissez dans la liste.",
        "Figures are not split by that; choose from the list.";
    /// Figures that would tell of too few cases beside others.
    WouldUncover: CONFLICT, "would-uncover", ("Révélerait trop", "Would uncover too much"),
        "Rapprochés d’un rapport déjà publié, ces chiffres révéleraient trop peu d’affaires ; redemandez celui-là, par sa \
         position, ou revenez quand davantage d’affaires seront closes.",
        "Beside a report that was published, these figures would tell of too few cases; ask for that one, by its position, \
         or again when more cases have closed.";
    /// A percentage that is none.
    NotAPercentage: UNPROCESSABLE_ENTITY, "not-a-percentage", ("Pas un pourcentage", "Not a percentage"),
        "Écrivez le pourcentage tel qu’il a été publié, comme 85 ou 85.7, entre 0 et 100.",
        "Write the percentage as it was published, such as 85 or 85.7, between 0 and 100.";
    /// A percentage of no cases.
    OfNothing: UNPROCESSABLE_ENTITY, "percentage-of-nothing", ("Pourcentage de rien", "Percentage of nothing"),
        "Un pourcentage de 0 affaire ne dit rien ; donnez le nombre d’affaires, au moins 1.",
        "A percentage of 0 cases says nothing; give how many cases there were, at least 1.";
    /// More counted than there are.
    CountAboveTotal: UNPROCESSABLE_ENTITY, "count-above-total", ("Plus que le total", "More than there are"),
        "On ne peut en compter plus qu’il n’y en a ; donnez un nombre plus petit, ou davantage d’affaires.",
        "There cannot be more counted than there are; give a smaller count, or more cases.";
    /// Others change the case faster than this could be decided.
    Busy: SERVICE_UNAVAILABLE, "busy", ("Affaire très sollicitée", "Case very busy"),
        "Rien n’a été fait ; renvoyez la même requête.", "Nothing was done; send the same request again.";
    /// A write that was to be waited for is not in the list.
    NotYet: SERVICE_UNAVAILABLE, "not-yet", ("Liste en retard", "List not up to date"),
        "La liste ne montre pas encore votre écriture ; redemandez-la.",
        "The list does not show your write yet; ask again.";
    /// The database did not answer.
    Unavailable: SERVICE_UNAVAILABLE, "unavailable", ("Service indisponible", "Service unavailable"),
        "Rien n’a été fait ; renvoyez la même requête un peu plus tard.",
        "Nothing was done; send the same request a little later.";
    /// Done or not, nobody knows yet.
    UnknownOutcome: SERVICE_UNAVAILABLE, "unknown-outcome", ("Issue inconnue", "Outcome unknown"),
        "La requête a peut-être été exécutée ; renvoyez-la avec la même clé Idempotency-Key.",
        "The request may have been carried out; send it again with the same Idempotency-Key.";
    /// Our own mistake, or a damaged store.
    Internal: INTERNAL_SERVER_ERROR, "internal", ("Erreur interne", "Internal error"),
        "Le centre ne peut pas répondre ; son journal en dit la cause à qui l’exploite.",
        "The centre cannot answer; its log tells the cause to whoever runs it.";
}
