//! The words of the demonstration in both languages, side by side: what the story tells, and what its people say.

use entente_domain::event::Channel;
use entente_domain::{Audience, Phase};

use crate::language::Language;

mod letters;
mod roster;

pub(super) use self::letters::LetterWords;
pub(super) use self::roster::RosterWords;

macro_rules! words {
    ($of:ident: $($name:ident: $english:literal, $french:literal;)*) => {
        /// Everything that is said about something in one language.
        pub(in crate::demo) struct $of {
            /// Which.
            pub language: Language,
            $(pub $name: &'static str,)*
        }

        impl $of {
            /// The words of a language.
            pub(in crate::demo) fn of(language: Language) -> Self {
                Self { language, $($name: language.pick($english, $french),)* }
            }
        }
    };
}
use words;

words! { Words:
    claimant: "claimant", "demandeur";
    respondent: "respondent", "défendeur";
    mediator: "mediator", "médiatrice";
    candidate: "candidate", "candidat";
    tied: "mediator with ties", "médiatrice liée à une partie";
    centre: "centre", "centre";
    deputy: "centre, deputy", "centre, adjointe";
    auditor: "auditor", "auditrice";
    analyst: "analyst", "analyste";
    stranger: "a stranger", "un tiers";

    phase_column: "stands at", "étape";
    discussions: "discussions", "discussions";
    items: "items", "pièces";
    events: "events", "faits";
    nothing_here: "nothing is here", "rien ici";
    sees: "sees", "voit";
    nothing: "nothing", "rien";
    erased: "(erased)", "(effacée)";
    held: "It holds", "Vérifié";

    title: "A mediation between Lyon and Seoul, on a real service that was started for this at",
        "Une médiation entre Lyon et Séoul, sur un vrai service lancé pour l’occasion à";
    intro: "After each step the table shows what each person's own requests give back: counts of what that person sees.",
        "Après chaque étape, le tableau montre ce que chacun reçoit à ses propres requêtes : le compte de ce qu’il voit.";

    registration: "Registration", "Enregistrement";
    registration_told: "A pump maker in Lyon brings its dispute with a Korean supplier to the centre.",
        "Un fabricant de pompes de Lyon porte au centre son différend avec un fournisseur coréen.";
    registration_held: "whoever has no seat gets 404, the same bytes as for a case that was never registered",
        "qui n’a pas de place reçoit 404, les mêmes octets que pour une affaire jamais enregistrée";
    dispute: "Dispute", "Différend";
    parties: "Parties", "Parties";

    questionnaire: "The questionnaire, failed and then passed", "Le questionnaire, manqué puis réussi";
    questionnaire_told: "Does the company know what mediation is? The claimant answers the centre's questions:",
        "L’entreprise sait-elle ce qu’est la médiation ? Le demandeur répond aux questions du centre :";
    failed: "Not passed. To read again", "Manqué. À relire";
    passed: "Answered again: passed.", "Nouvelle réponse : réussi.";

    invitation: "Invitation", "Invitation";
    invitation_told: "The centre invites the supplier. From now on it can see the case.",
        "Le centre invite le fournisseur. Celui-ci voit désormais l’affaire.";
    consent_due: "Answer due before", "Réponse attendue avant";
    invitation_held: "the respondent sees the case, but not how the claimant answered the questionnaire",
        "le défendeur voit l’affaire, mais pas les réponses du demandeur au questionnaire";

    consent: "Consent", "Consentement";
    consent_told: "The supplier agrees to mediate: nobody is forced.",
        "Le fournisseur accepte la médiation : personne n’y est contraint.";
    appointment_due: "Mediator due within 48 hours, before", "Médiateur attendu dans les 48 heures, avant";

    appointment: "A mediator, and the table", "Une médiatrice, et la table";
    appointment_told: "The centre appoints the candidate who has declared; in the same append the table opens.",
        "Le centre nomme la candidate qui a déclaré son indépendance ; la table s’ouvre dans la même écriture.";
    term_due: "The mediation lasts until", "La médiation dure jusqu’au";
    appointment_held: "each side has the joint session and its own caucus, the mediator all three, the centre none",
        "chaque camp a la session commune et son aparté, la médiatrice les trois, le centre aucun";

    joint: "The joint session", "La session commune";
    joint_told: "All three speak to each other.", "Tous trois se parlent.";
    joint_held: "both sides and the mediator read the same words, the centre none",
        "les deux camps et la médiatrice lisent les mêmes mots, le centre aucun";
    inbox: "has in the inbox, not opened yet", "a dans sa boîte, pas encore ouvert";

    document: "A document", "Un document";
    document_told: "The supplier uploads the log of its tests and lays it on the joint table. The claimant reads it:",
        "Le fournisseur téléverse le relevé de ses essais et le dépose sur la table commune. Le demandeur le lit :";
    bytes: "bytes", "octets";
    document_held: "what the claimant gets is the file, byte for byte; whoever is not at the table gets 404",
        "le demandeur reçoit le fichier, octet pour octet ; qui n’est pas à la table reçoit 404";

    caucuses: "A caucus on each side", "Un aparté de chaque côté";
    caucus_claimant_told: "The claimant tells the mediator something in confidence.",
        "Le demandeur confie quelque chose à la médiatrice.";
    caucus_respondent_told: "So does the respondent.", "Le défendeur aussi.";
    caucus_held: "the other side's page is the same, byte for byte, as before; no count, no number, no version has moved",
        "la page de l’autre camp est la même, octet pour octet ; ni compte, ni numéro, ni version n’a bougé";

    hidden: "One item is hidden", "Une pièce est cachée";
    hidden_told: "The claimant puts its cost sheet on the joint table by mistake. The other side could read it:",
        "Le demandeur pose par erreur sa fiche de coûts sur la table commune. L’autre camp pourrait la lire :";
    hidden_quiet: "The other side's letters are held back: their hour is its own, and not that of what they are about.",
        "Les lettres de l’autre camp sont retenues : leur heure est la sienne, et non celle de leur objet.";
    hidden_then: "It restricts it to itself and the mediator before anybody has opened it:",
        "Il la réserve à lui-même et à la médiatrice avant que quiconque l’ait ouverte :";
    hidden_held: "for the other side it has never been there: its page is byte for byte the one from before",
        "pour l’autre camp elle n’a jamais été là : sa page est, octet pour octet, celle d’avant";

    trace: "What an auditor can tell of it", "Ce qu’une auditrice peut en dire";
    trace_told: "No page of the other side shows it any more, but the log knows. An auditor asks who can see the item now:",
        "Aucune page de l’autre camp ne la montre plus, mais le journal sait. Une auditrice demande qui peut la voir :";
    readers: "Who can see it, and by which rule", "Qui peut la voir, et selon quelle règle";
    yes: "yes", "oui";
    no: "no", "non";
    too_late: "What the restriction came too late for", "Ce pour quoi la restriction est venue trop tard";
    trace_held: "the one look that came before the restriction is on record, and the audit quotes not a word of the item",
        "la seule lecture faite avant la restriction est consignée, et l’audit ne cite pas un mot de la pièce";

    group: "A group discussion", "Une discussion de groupe";
    group_told: "The mediator opens a thread of its own for one subject; both sides write in it.",
        "La médiatrice ouvre un fil à part pour un seul sujet ; les deux camps y écrivent.";
    group_held: "everybody at the table has one discussion more, named alike for all",
        "chacun à la table a une discussion de plus, du même nom pour tous";

    telephone: "A part by telephone", "Une partie par téléphone";
    telephone_told: "They talk on the telephone. The table notes that, and not a word of what was said.",
        "Ils se parlent au téléphone. La table en garde la trace, et pas un mot de ce qui s’est dit.";
    exchange: "Noted", "Noté";
    minutes: "minutes", "minutes";
    telephone_held: "the case went offline and came back online", "l’affaire est passée hors ligne, puis revenue en ligne";

    settlement: "Settlement", "Accord";
    settlement_told: "The mediator lays a draft before both. Each side signs the digest of the text that it has read.",
        "La médiatrice soumet un projet aux deux. Chaque camp signe l’empreinte du texte qu’il a lu.";
    signed_by: "Signed by", "Signé par";
    outcome: "Outcome", "Issue";
    settlement_held: "both sides saw the same text and digest, and one signature alone closed nothing",
        "les deux camps ont vu le même texte et la même empreinte, et une seule signature n’a rien clos";

    record: "A camp's own record", "Le dossier d’un camp";
    record_told: "The claimant takes home all that it may see of the case, in one ZIP file:",
        "Le demandeur emporte, en un fichier ZIP, tout ce qu’il peut voir de l’affaire :";
    files: "files", "fichiers";
    record_held: "the document is in it as it was uploaded, and not a word of the other side's caucus",
        "le document y est tel qu’il a été déposé, et pas un mot de l’aparté de l’autre camp";

    audit: "The audit trail", "La piste d’audit";
    audit_told: "An auditor replays everything that happened, without a word of content:",
        "Une auditrice rejoue tout ce qui s’est passé, sans un mot de contenu :";
    between: "And between them", "Et entre eux";
    audit_held: "no entry is missing, and none of the words said at the table is in it",
        "aucune entrée ne manque, et aucun des mots dits à la table n’y figure";

    figures: "The figures", "Les chiffres";
    figures_told: "An analyst asks for the figures, to publish them:",
        "Une analyste demande les chiffres, pour les publier :";
    figures_suppressed: "one case is too few: every figure is suppressed",
        "une seule affaire, c’est trop peu : tous les chiffres sont masqués";
    figures_own: "The centre's own staff see them as they are, with all that they stand on:",
        "Le centre, lui, les voit tels qu’ils sont, avec tout ce qui les fonde :";
    figures_claim: "The press once wrote of another centre: 85 % of 70 cases. The program looks for every count that gives it:",
        "La presse écrivit un jour d’un autre centre : 85 % de 70 affaires. Le programme cherche chaque nombre qui les donne :";
    figures_claim_held: "no whole number of 70 cases is 85 %, and 51 of 60 are",
        "aucun nombre entier sur 70 affaires ne fait 85 %, et 51 sur 60 les font";
    interval: "interval", "intervalle";
    as_of: "as of log position", "à la position du journal";
    figures_held: "the one mediation that was concluded is the one that was settled",
        "la seule médiation conclue est celle qui s’est terminée par un accord";

    erasure: "A document is erased", "Un document est effacé";
    erasure_told: "The log of the tests names an employee with his private number: it should never have been there. The \
                   centre proposes to erase it. Until another of its staff approves, nothing happens:",
        "Le relevé d’essais nomme un salarié et son numéro privé : il n’aurait jamais dû être là. Le centre propose de \
         l’effacer. Tant qu’un autre membre n’approuve pas, rien ne se passe :";
    still_read: "can still be read", "encore lisible";
    erasure_then: "A second member of staff approves, and the key of the document is destroyed:",
        "Un second membre du centre approuve, et la clé du document est détruite :";
    history: "The history says", "L’historique dit";
    erasure_held: "nobody can read the document or its name, and the log still says that there was one, and who had it erased",
        "nul ne peut lire le document ni son nom, et le journal dit toujours qu’il y en eut un, et qui l’a fait effacer";

    kept: "The data is kept. To replay the case:", "Les données sont gardées. Pour rejouer l’affaire :";
    gone: "The service has been stopped and its folder removed.", "Le service est arrêté et son dossier supprimé.";

    claimant_company: "Ateliers Vasseur", "Ateliers Vasseur";
    respondent_company: "Hansung Precision", "Hansung Precision";
    nature: "Four pump bodies in ten leak; 180,000 euros are in dispute",
        "Quatre corps de pompe sur dix fuient ; 180 000 euros sont en litige";
    welcome: "Welcome. Nobody decides for you here; please each tell me what matters most.",
        "Bienvenue. Personne ne décide à votre place ; dites-moi chacun ce qui compte le plus.";
    claim: "We had to stop our line for nine days, and our customer has noticed.",
        "Nous avons arrêté la chaîne neuf jours, et notre client s’en est aperçu.";
    reply: "We regret that. Our tests before shipping showed no leak.",
        "Nous le regrettons. Nos essais avant expédition ne montraient aucune fuite.";
    test_log_name: "test-log.txt", "releve-essais.txt";
    test_log: "Pump bodies, series 7, tests of 12 January\n16 bar for 10 minutes: no leak in 40 of 40\n\
               Tested by Seo Dong-wook, private telephone 010-5550-0142\n",
        "Corps de pompe, série 7, essais du 12 janvier\n16 bar pendant 10 minutes : aucune fuite sur 40\n\
         Essais de Seo Dong-wook, téléphone privé 010-5550-0142\n";
    claimant_secret: "Between us: we would take 90,000 if the next series is delivered in March.",
        "Entre nous : nous accepterions 90 000 si la prochaine série arrive en mars.";
    respondent_secret: "Between us: a seal from another supplier was the cause; we can go up to 110,000.",
        "Entre nous : un joint d’un autre fournisseur est en cause ; nous irions jusqu’à 110 000.";
    cost_sheet: "Internal cost sheet: our real loss is 84,300.", "Fiche de coûts interne : notre perte réelle est de 84 300.";
    thread: "The next series", "La prochaine série";
    thread_question: "Could the next series be tested in Lyon before it is paid?",
        "La prochaine série pourrait-elle être essayée à Lyon avant d’être payée ?";
    thread_answer: "Yes, if the tests take no longer than a week.", "Oui, si les essais ne durent pas plus d’une semaine.";
    draft: "Hansung Precision credits 100,000 euros and delivers the next series by 31 March; it is tested in Lyon first.",
        "Hansung Precision crédite 100 000 euros et livre la prochaine série avant le 31 mars ; essais préalables à Lyon.";
}

impl Words {
    /// Where a case stands.
    pub(super) fn phase(&self, phase: Phase) -> &'static str {
        let (english, french) = match phase {
            Phase::Absent => ("absent", "absente"),
            Phase::Registered => ("registered", "enregistrée"),
            Phase::Qualified => ("qualified", "recevable"),
            Phase::Invited => ("invited", "invitation faite"),
            Phase::Consented => ("consented", "acceptée"),
            Phase::Open => ("table open", "table ouverte"),
            Phase::Suspended => ("suspended", "suspendue"),
            Phase::Closed => ("closed", "close"),
            Phase::Erased => ("erased", "effacée"),
        };
        self.language.pick(english, french)
    }

    /// Who may see something.
    pub(super) fn audience(&self, audience: Audience) -> &'static str {
        let (english, french) = match audience {
            Audience::Joint => ("joint", "commun"),
            Audience::ClaimantCaucus => ("claimant's caucus", "aparté du demandeur"),
            Audience::RespondentCaucus => ("respondent's caucus", "aparté du défendeur"),
            Audience::ClaimantWorkspace => ("claimant alone", "demandeur seul"),
            Audience::RespondentWorkspace => ("respondent alone", "défendeur seul"),
            Audience::MediatorNotes => ("mediator alone", "médiatrice seule"),
        };
        self.language.pick(english, french)
    }

    /// How they exchange.
    pub(super) fn channel(&self, channel: Channel) -> &'static str {
        let (english, french) = match channel {
            Channel::Online => ("online", "en ligne"),
            Channel::Fax => ("by fax", "par fax"),
            Channel::Telephone => ("by telephone", "par téléphone"),
            Channel::InPerson => ("in person", "en personne"),
        };
        self.language.pick(english, french)
    }
}
