//! What the demonstration says about letters, in both languages.

use super::words;
use crate::language::Language;

words! { LetterWords:
    telling: "How each wants to be told", "Comment chacun veut être averti";
    telling_told: "No mail server is configured, so letters are written to a folder, one file each. Each says where letters \
                   go, in which language and how often:",
        "Aucun serveur de messagerie n’est configuré : les lettres sont écrites dans un dossier, un fichier chacune. Chacun dit \
         où vont ses lettres, en quelle langue et à quel rythme :";
    at_once: "at once", "aussitôt";
    waiting: "waiting for letters", "attente des lettres";

    letters: "The letters", "Les lettres";
    letters_told: "Whoever had something new to see was written to each time. One letter of each language, opened:",
        "Qui avait du nouveau à voir en a été averti à chaque fois. Une lettre de chaque langue, ouverte :";
    french: "In French", "En français";
    english: "In English", "En anglais";
    counted: "Letters to each, and what they were about", "Lettres à chacun, et leur objet";
    number: "letters", "lettres";
    steps: "a step of the case", "une étape de l’affaire";
    items: "a new item", "une nouvelle pièce";
    hidden: "the hidden item", "la pièce cachée";
    letters_alike: "all letters of one language have the same body, byte for byte and so of one length, whatever they are about",
        "toutes les lettres d’une langue ont le même corps, octet pour octet et donc de même longueur, quel qu’en soit l’objet";
    letters_silent: "no letter holds a name, an id of the case or of a person, or a word of what was said",
        "aucune lettre ne contient un nom, l’identifiant de l’affaire ou d’une personne, ni un mot de ce qui a été dit";
    letters_counted: "each address has one letter for each piece of news and no more; nobody but the mediator, who still sees \
                      it, was ever told of the hidden item",
        "chaque adresse a une lettre par nouvelle et aucune de plus ; nul n’a été averti de la pièce cachée, hormis la \
         médiatrice, qui la voit toujours";
}
