//! What a call asked for and is not there for it: the engine does not provide it, or it is not the handler's. It is noted where it is
//! refused, since a script can catch the refusal.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use parity_model::{Observation, Unplanned};
use rquickjs::{Ctx, Function};

/// Stands before and behind a text that only Node knows, such as what V8 says of an error.
const MARK: char = '\u{f8ff}';

/// A text without marks.
pub(super) fn plain(text: &str) -> String {
    text.replace(MARK, "")
}

/// What the current call asked for first.
#[derive(Clone, Debug, Default)]
pub(super) struct Unsupported {
    asked: Rc<RefCell<Option<Unplanned>>>,
    /// Whether the call was given a text with a mark.
    marks: Rc<Cell<bool>>,
}

impl Unsupported {
    /// What was noted since the last time.
    pub(super) fn take(&self) -> Option<Unplanned> {
        self.marks.set(false);
        self.asked.take()
    }

    /// The end as it is told: a text that only Node knows is nobody's answer, and says nothing of a crash.
    pub(super) fn without_marks(&self, observation: Observation) -> Observation {
        if !self.marks.get() {
            return observation;
        }
        match observation {
            Observation::Unplanned(Unplanned::Crashed { class, message, trace }) => {
                Unplanned::Crashed { class, message: plain(&message), trace: plain(&trace) }.into()
            }
            Observation::Planned(outcome) => {
                let text = serde_json::to_string(&outcome).unwrap_or_default();
                match text.split(MARK).nth(1) {
                    Some(shown) => Unplanned::Unsupported { what: format!("Node's words for {shown:?}") }.into(),
                    None => outcome.into(),
                }
            }
            other @ Observation::Unplanned(_) => other,
        }
    }

    /// The door by which scripts note it.
    pub(super) fn door<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Function<'js>> {
        let asked = Rc::clone(&self.asked);
        Function::new(ctx.clone(), move |what: String| {
            asked.borrow_mut().get_or_insert(Unplanned::Unsupported { what });
        })
    }

    /// The door by which scripts note what leads out.
    pub(super) fn denied_door<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Function<'js>> {
        let asked = Rc::clone(&self.asked);
        Function::new(ctx.clone(), move |what: String, detail: String| {
            asked.borrow_mut().get_or_insert(Unplanned::Denied { what, detail });
        })
    }

    /// The door by which scripts note that they hand out a mark.
    pub(super) fn mark_door<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Function<'js>> {
        let marks = Rc::clone(&self.marks);
        Function::new(ctx.clone(), move || marks.set(true))
    }
}
