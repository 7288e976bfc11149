//! Each trouble at each step, and what becomes of the letter.

use super::*;

const STEPS: [Step; 7] =
    [Step::Hello, Step::Starttls, Step::Login, Step::Sender, Step::Recipient, Step::Text, Step::End];

fn at(step: Step, trouble: Trouble) -> PostError {
    Failure { step, trouble }.into()
}

fn answer(code: u16) -> Trouble {
    Trouble::Answer(code, None)
}

#[test]
fn a_server_that_puts_off_is_asked_again_whenever_it_does() {
    for step in STEPS {
        for code in [421, 450, 451, 452, 454, 499] {
            assert!(matches!(at(step, answer(code)), PostError::Later(_)), "{code} {step}");
        }
    }
}

#[test]
fn a_final_no_is_the_recipients_only_once_the_recipient_is_named() {
    for step in STEPS {
        for code in [500, 535, 550, 552, 554] {
            match at(step, answer(code)) {
                PostError::Refused(told) => {
                    assert_eq!(told, code);
                    assert!(matches!(step, Step::Recipient | Step::Text | Step::End), "{code} {step}");
                }
                other => {
                    assert!(matches!(other, PostError::Misconfigured(_)), "{code} {step}");
                    assert!(matches!(step, Step::Hello | Step::Starttls | Step::Login | Step::Sender));
                }
            }
        }
        assert!(matches!(at(step, answer(530)), PostError::Misconfigured(_)), "{step}");
    }
}

#[test]
fn what_is_not_allowed_once_the_recipient_was_taken_is_the_centres_trouble() {
    for (step, code, status, expected) in [
        (Step::End, 550, "5.7.1", "may send"),
        (Step::End, 554, "5.7.26", "may send"),
        (Step::Text, 554, "5.7.1", "may send"),
        (Step::End, 530, "5.7.0", "asks for a login"),
        (Step::End, 554, "5.6.0", "refused for its recipient"),
        (Step::End, 552, "5.2.2", "refused for its recipient"),
        (Step::Recipient, 550, "5.1.1", "refused for its recipient"),
        // A server that contradicts itself has not said that.
        (Step::End, 550, "4.7.1", "refused for its recipient"),
    ] {
        let told = at(step, Trouble::Answer(code, Some(status.to_owned())));
        assert!(told.to_string().contains(expected), "{code} {status} {step}: {told}");
        assert_eq!(matches!(told, PostError::Refused(_)), expected.contains("recipient"), "{told}");
    }
    // That may be this recipient's own rule, or that the server relays for nobody: nothing is lost by trying again.
    let told = at(Step::Recipient, Trouble::Answer(554, Some("5.7.1".to_owned())));
    assert!(matches!(told, PostError::Later(_)), "{told}");
}

#[test]
fn only_silence_after_the_end_is_unsure() {
    for trouble in [Trouble::Silence, Trouble::Broken(io::ErrorKind::ConnectionReset), Trouble::Nonsense] {
        for step in STEPS {
            let told = at(step, trouble.clone());
            if step == Step::End {
                assert_eq!(told, PostError::Unsure);
            } else {
                assert!(matches!(told, PostError::Later(_)), "{trouble} {step}");
            }
        }
    }
}

#[test]
fn a_kept_connection_that_is_gone_is_replaced_only_while_nothing_can_have_been_taken() {
    for step in STEPS {
        let gone = Failure { step, trouble: Trouble::Broken(io::ErrorKind::BrokenPipe) };
        assert_eq!(gone.is_gone(), step != Step::End);
        assert!(!Failure { step, trouble: Trouble::Silence }.is_gone());
        assert!(!Failure { step, trouble: answer(450) }.is_gone());
    }
    assert!(Failure { step: Step::Sender, trouble: answer(421) }.is_gone());
    assert!(!Failure { step: Step::Sender, trouble: answer(421) }.is_answer());
}

#[test]
fn a_refined_code_is_told_and_no_other_word() {
    assert_eq!(detail("4.7.1 <claire@exemple.fr> is greylisted").as_deref(), Some("4.7.1"));
    for words in ["", "claire@exemple.fr unknown", "4.7 x", "4.7.1.2 x", "4.7.a", "1.2.3456", "...", "claire.x.y"] {
        assert_eq!(detail(words), None, "{words}");
    }
    let told = at(Step::Recipient, Trouble::Answer(450, Some("4.7.1".to_owned())));
    let expected = "the letter was not taken for now: answer 450 4.7.1 when the recipient was named";
    assert_eq!(told.to_string(), expected);
}
