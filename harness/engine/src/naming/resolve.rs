//! Which step of the templates is meant by what an engine found.

use std::collections::{BTreeMap, BTreeSet};

use parity_model::HandlerId;
use serde::{Deserialize, Serialize};

use super::inventory::{Inventory, NotLoaded, ResolvedHandler, Sighting, Unused, WhyUnused};
use super::spelling::{Spelling, bare, key, snake};

/// What handlers are called: the steps of the templates, each with its identity and the callables that mean it.
///
/// A handler that is named by an identity, `namespace/step`, has it, whether a template knows it or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Naming {
    steps: BTreeMap<HandlerId, Vec<Spelling>>,
    /// The handlers that are methods of these classes, if a template names any.
    methods: BTreeMap<HandlerId, BTreeSet<HandlerId>>,
    lenient: bool,
}

/// By what a handler was recognised, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ground {
    Declared,
    Name,
    File,
}

/// What a name may mean.
enum Meaning<'a> {
    /// These steps, whose callable is spelled like that.
    Exactly(Vec<&'a HandlerId>),
    /// One of these steps.
    Steps(Vec<&'a HandlerId>),
    /// A step that no template of its namespace has.
    Nobody,
}

impl Naming {
    /// Handlers are called by their identities only.
    #[must_use]
    pub fn identities() -> Self {
        Self::default()
    }

    /// Handlers are called as these steps are, in any spelling.
    #[must_use]
    pub fn of(steps: impl IntoIterator<Item = (HandlerId, Spelling)>) -> Self {
        let mut naming = Self::default();
        for (handler, spelling) in steps {
            naming.steps.entry(handler.class()).or_default().push(spelling);
            naming.methods.entry(handler.class()).or_default().insert(handler);
        }
        naming.methods.retain(|_, handlers| handlers.iter().any(|handler| handler.method().is_some()));
        naming
    }

    /// The same for trees of others: a file that cannot be loaded, or a handler that nobody asks for, is no error.
    #[must_use]
    pub fn lenient(self) -> Self {
        Self { lenient: true, ..self }
    }

    /// Whether what cannot be used is listed and not refused.
    #[must_use]
    pub(crate) fn is_lenient(&self) -> bool {
        self.lenient
    }

    /// The methods, other than `call`, that templates name.
    #[must_use]
    pub fn methods(&self) -> BTreeSet<&str> {
        self.methods.values().flatten().filter_map(HandlerId::method).collect()
    }

    /// Gives each identity to what it means, and nothing to two.
    #[must_use]
    pub fn assign(&self, sightings: &[Sighting], not_loaded: Vec<NotLoaded>) -> Inventory {
        let mut claims: BTreeMap<HandlerId, Vec<(Ground, &Sighting)>> = BTreeMap::new();
        let mut unused = Vec::new();
        for sighting in sightings {
            match self.resolve(sighting) {
                Ok((classes, ground)) => {
                    for handler in classes.into_iter().flat_map(|class| self.handlers_of(class)) {
                        match handler.method() {
                            Some(method) if !sighting.methods.iter().any(|known| known == method) => {
                                unused.push((sighting, WhyUnused::NoMethod { handler }));
                            }
                            _ => claims.entry(handler).or_default().push((ground, sighting)),
                        }
                    }
                }
                // What others extend needs no name of its own.
                Err(WhyUnused::Unknown) if sighting.extended && sighting.declared.is_empty() => {}
                Err(why) => unused.push((sighting, why)),
            }
        }
        let mut handlers = Vec::new();
        for (handler, mut claims) in claims {
            claims.sort_by_key(|(ground, _)| *ground);
            let best =
                claims.iter().filter(|(ground, _)| Some(*ground) == claims.first().map(|(ground, _)| *ground)).count();
            let duplicate =
                |other: &Sighting| WhyUnused::Duplicate { handler: handler.clone(), other: other.file.clone() };
            let Some((first, others)) = claims.split_first() else { continue };
            match (best, others.first()) {
                (2.., Some((_, second))) => unused.push((first.1, duplicate(second))),
                _ => handlers.push(ResolvedHandler { handler: handler.clone(), sighting: first.1.clone() }),
            }
            unused.extend(others.iter().map(|(_, sighting)| (*sighting, duplicate(first.1))));
        }
        let place = |sighting: &Sighting| sightings.iter().position(|other| std::ptr::eq(other, sighting));
        unused.sort_by_key(|(sighting, _)| place(sighting));
        let unused = unused.into_iter().map(|(sighting, why)| Unused { sighting: sighting.clone(), why }).collect();
        Inventory { handlers, unused, not_loaded }
    }

    /// The handlers that a class is: it alone, unless templates name methods of it.
    fn handlers_of(&self, class: HandlerId) -> Vec<HandlerId> {
        match self.methods.get(&class) {
            Some(handlers) => handlers.iter().cloned().collect(),
            None => vec![class],
        }
    }

    /// The classes of steps that something is the handler of. It is one, unless several templates name the same callable.
    fn resolve(&self, sighting: &Sighting) -> Result<(Vec<HandlerId>, Ground), WhyUnused> {
        let stem = sighting.file.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
        let names = sighting.declared.iter().map(|declared| (declared.as_str(), Ground::Declared));
        let own = std::iter::once(&sighting.name).chain(&sighting.exported).map(|name| (name.as_str(), Ground::Name));
        for (name, ground) in names.chain(own).chain([(stem, Ground::File)]) {
            let Ok(spelling) = name.parse::<Spelling>() else { continue };
            if let Some(identity) = spelling.identity() {
                return Ok((vec![identity.clone()], ground));
            }
            let steps = match self.meaning(&spelling) {
                Meaning::Nobody => return Err(WhyUnused::Unknown),
                Meaning::Exactly(steps) => steps,
                Meaning::Steps(steps) => nearest(steps, &spelling, sighting),
            };
            let handlers: Vec<HandlerId> = steps.into_iter().cloned().collect();
            match handlers.len() {
                0 => {}
                1 => return Ok((handlers, ground)),
                _ if self.are_one(&handlers) => return Ok((handlers, ground)),
                _ => return Err(WhyUnused::Ambiguous { candidates: handlers }),
            }
        }
        // Where there are no templates, `Ecommerce::StepHandlers::ValidateCartHandler` says all that one would.
        let whole = sighting.name.parse::<Spelling>().ok().filter(|_| !self.lenient && sighting.declared.is_empty());
        let identity = whole.and_then(|spelling| spelling.identity_in(spelling.before().first()?).ok());
        identity.map(|identity| (vec![identity], Ground::Name)).ok_or(WhyUnused::Unknown)
    }

    /// Whether templates of several namespaces name one callable, which is one handler then.
    fn are_one(&self, handlers: &[HandlerId]) -> bool {
        let spellings: Vec<&Vec<Spelling>> = handlers.iter().filter_map(|handler| self.steps.get(handler)).collect();
        let has = |spellings: &Vec<Spelling>, text: &str| spellings.iter().any(|spelling| spelling.text() == text);
        let first = spellings.first().map_or(&[][..], |first| first.as_slice());
        first.iter().any(|spelling| spellings.iter().all(|others| has(others, spelling.text())))
    }

    /// The steps that a name may mean.
    fn meaning(&self, spelling: &Spelling) -> Meaning<'_> {
        let step = key(spelling.step());
        let is_meant = |handler: &HandlerId, spellings: &[Spelling]| {
            let own = key(bare(&snake(handler.step())));
            // `ecommerce_validate_cart`, for lack of a way to write a namespace.
            own == step
                || step == key(handler.namespace()) + &own
                || spellings.iter().any(|known| key(known.step()) == step)
        };
        let meant = self.steps.iter().filter(|(handler, spellings)| is_meant(handler, spellings));
        let meant: Vec<&HandlerId> = meant.map(|(handler, _)| handler).collect();
        let Some(namespace) = spelling.before().first() else { return Meaning::Steps(meant) };
        let is_spelled = |handler: &&HandlerId| {
            self.steps.get(*handler).is_some_and(|known| known.iter().any(|known| known.text() == spelling.text()))
        };
        let exact: Vec<&HandlerId> = meant.iter().copied().filter(is_spelled).collect();
        if !exact.is_empty() {
            return Meaning::Exactly(exact);
        }
        let of_namespace = |handler: &&HandlerId| key(&snake(handler.namespace())) == key(namespace);
        let is_known = self.steps.keys().any(|handler| of_namespace(&handler));
        let steps: Vec<&HandlerId> = meant.iter().copied().filter(of_namespace).collect();
        match (steps.is_empty(), is_known) {
            (false, _) => Meaning::Steps(steps),
            (true, true) => Meaning::Nobody,
            (true, false) => Meaning::Steps(meant),
        }
    }
}

/// Of several steps those whose namespace stands among the names before the step or on the way to the file.
fn nearest<'a>(steps: Vec<&'a HandlerId>, spelling: &Spelling, sighting: &Sighting) -> Vec<&'a HandlerId> {
    if steps.len() < 2 {
        return steps;
    }
    let way = sighting.file.split(['/', '.']).map(snake);
    let names: Vec<String> = spelling.before().iter().cloned().chain(way).map(|name| key(&name)).collect();
    let near: Vec<&HandlerId> =
        steps.iter().copied().filter(|handler| names.contains(&key(&snake(handler.namespace())))).collect();
    if near.is_empty() { steps } else { near }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn naming() -> Naming {
        let steps = [
            ("ecommerce/validate_cart", "Ecommerce::StepHandlers::ValidateCartHandler"),
            ("ecommerce/process_payment", "ecommerce.step_handlers.ProcessPaymentHandler"),
            ("payments/process_refund", "process_refund"),
            ("customer_success/process_refund", "customer_success/process_refund"),
        ];
        Naming::of(steps.map(|(handler, spelling)| (handler.parse().unwrap(), spelling.parse().unwrap())))
    }

    fn sighting(declared: &[&str], name: &str, file: &str) -> Sighting {
        let declared = declared.iter().map(ToString::to_string).collect();
        Sighting { declared, name: name.to_owned(), file: file.to_owned(), ..Sighting::default() }
    }

    #[rstest]
    #[case::ruby(&["Ecommerce::StepHandlers::ValidateCartHandler"], "A", "a.py", "ecommerce/validate_cart")]
    #[case::python(&["ecommerce.step_handlers.ValidateCartHandler"], "A", "a.py", "ecommerce/validate_cart")]
    #[case::typescript(&["Ecommerce.StepHandlers.ValidateCartHandler"], "A", "a.ts", "ecommerce/validate_cart")]
    #[case::rust(&["validate_cart"], "A", "a.py", "ecommerce/validate_cart")]
    #[case::identity(&["ecommerce/validate_cart"], "A", "a.py", "ecommerce/validate_cart")]
    #[case::identity_of_no_template(&["other/thing"], "A", "a.py", "other/thing")]
    #[case::prefixed(&["ecommerce_validate_cart"], "A", "a.py", "ecommerce/validate_cart")]
    #[case::class(&[], "ValidateCartHandler", "a.py", "ecommerce/validate_cart")]
    #[case::class_when_the_name_says_nothing(&[""], "ValidateCart", "a.py", "ecommerce/validate_cart")]
    #[case::class_when_the_name_is_unknown(&["v1"], "ValidateCart", "a.py", "ecommerce/validate_cart")]
    #[case::file(&[], "default", "src/validate-cart.handler.ts", "ecommerce/validate_cart")]
    #[case::package_of_another_name(&["my_shop.handlers.ValidateCart"], "A", "a.py", "ecommerce/validate_cart")]
    #[case::namespace_in_the_name(&["payments.ProcessRefund"], "A", "a.py", "payments/process_refund")]
    #[case::namespace_on_the_way(&["process_refund_x"], "ProcessRefund", "src/customer-success/refund.py", "customer_success/process_refund")]
    fn a_handler_is_recognised(
        #[case] declared: &[&str],
        #[case] name: &str,
        #[case] file: &str,
        #[case] handler: &str,
    ) {
        let inventory = naming().assign(&[sighting(declared, name, file)], Vec::new());
        assert_eq!(inventory.unused, []);
        assert_eq!(inventory.identities(), [handler.parse().unwrap()]);
    }

    fn methods() -> Naming {
        let steps = ["pay/card#check", "pay/card#take", "pay/refund", "pay/refund#undo"];
        Naming::of(steps.map(|handler| {
            let handler: HandlerId = handler.parse().unwrap();
            let spelling = handler.class_name().parse().unwrap();
            (handler, spelling)
        }))
    }

    #[test]
    fn methods_of_a_class_are_handlers_and_one_that_it_lacks_is_told() {
        let methods = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let classes = [
            Sighting { methods: methods(&["check", "other"]), ..sighting(&[], "CardHandler", "card.py") },
            Sighting { methods: methods(&["undo"]), ..sighting(&[], "RefundHandler", "refund.py") },
        ];
        let naming = self::methods();
        assert_eq!(naming.methods(), BTreeSet::from(["check", "take", "undo"]));
        let inventory = naming.assign(&classes, Vec::new());
        let found: Vec<String> = inventory.identities().iter().map(ToString::to_string).collect();
        assert_eq!(found, ["pay/card#check", "pay/refund", "pay/refund#undo"]);
        let take: HandlerId = "pay/card#take".parse().unwrap();
        let why = inventory.why_absent(&take, std::slice::from_ref(&take));
        assert_eq!(why[0].message, "CardHandler: it has no method take, which a template names");
    }

    #[test]
    fn a_naming_crosses_a_process_border_whole() {
        for naming in [naming(), naming().lenient(), methods(), Naming::identities()] {
            let text = serde_json::to_string(&naming).unwrap();
            assert_eq!(serde_json::from_str::<Naming>(&text).unwrap(), naming, "{text}");
        }
    }

    #[test]
    fn several_steps_of_one_name_are_told_apart_or_named() {
        let inventory = naming().assign(&[sighting(&[], "ProcessRefundHandler", "refunds.py")], Vec::new());
        assert_eq!(inventory.handlers, []);
        let why = inventory.unused[0].why.to_string();
        assert_eq!(
            why,
            "it may be customer_success/process_refund or payments/process_refund; give it the name of one"
        );
    }

    #[rstest]
    #[case("shared.Notify", &["shared.Notify"], "a.py", &["orders/notify", "shared/notify"])]
    #[case("notify", &["notify"], "a.py", &["orders/notify", "shared/notify"])]
    #[case("notify", &["notify"], "orders/a.py", &["orders/notify"])]
    fn a_callable_of_several_namespaces_is_the_handler_of_each(
        #[case] callable: &str,
        #[case] declared: &[&str],
        #[case] file: &str,
        #[case] handlers: &[&str],
    ) {
        let steps = ["orders/notify", "shared/notify"];
        let naming = Naming::of(steps.map(|handler| (handler.parse().unwrap(), callable.parse().unwrap())));
        let inventory = naming.assign(&[sighting(declared, "A", file)], Vec::new());
        assert_eq!(inventory.identities().iter().map(HandlerId::as_str).collect::<Vec<_>>(), handlers);
    }

    #[rstest]
    #[case(&["refund"], "Refund")]
    #[case(&["ecommerce.process_refund"], "ProcessRefund")]
    fn what_no_template_names_is_unknown(#[case] declared: &[&str], #[case] name: &str) {
        let inventory = naming().assign(&[sighting(declared, name, "a.py")], Vec::new());
        assert_eq!((inventory.handlers.len(), &inventory.unused[0].why), (0, &WhyUnused::Unknown));
    }

    #[test]
    fn a_declared_name_goes_before_a_class_and_of_two_equal_claims_none_is_used() {
        let classes = [
            sighting(&[], "ValidateCartHandler", "old.py"),
            sighting(&["validate_cart"], "Cart", "new.py"),
            sighting(&["process_payment"], "A", "a.py"),
            sighting(&["ecommerce.ProcessPaymentHandler"], "B", "b.py"),
        ];
        let inventory = naming().assign(&classes, Vec::new());
        assert_eq!(inventory.identities(), ["ecommerce/validate_cart".parse().unwrap()]);
        assert_eq!(inventory.handlers[0].sighting.file, "new.py");
        let unused: Vec<(&str, String)> =
            inventory.unused.iter().map(|unused| (unused.sighting.file.as_str(), unused.why.to_string())).collect();
        assert_eq!(
            unused,
            [
                ("old.py", "ecommerce/validate_cart is also in new.py".to_owned()),
                ("a.py", "ecommerce/process_payment is also in b.py".to_owned()),
                ("b.py", "ecommerce/process_payment is also in a.py".to_owned()),
            ]
        );
    }

    #[test]
    fn without_templates_only_identities_are_names() {
        let classes = [sighting(&["a/b"], "A", "a.py"), sighting(&["validate_cart"], "ValidateCart", "a.py")];
        let inventory = Naming::identities().assign(&classes, Vec::new());
        assert_eq!(inventory.identities(), ["a/b".parse().unwrap()]);
        assert_eq!(inventory.unused[0].why, WhyUnused::Unknown);
    }
}
