//! Our workflows, from end to end, in every language. The bodies are the same for all of them and stand in `bodies`; a file a
//! language and workflow names the ones that it runs.

/// Runs bodies of one workflow in one language, each as a test of its own.
macro_rules! end_to_end {
    ($language:ident, $workflow:ident: $($test:ident),+ $(,)?) => {
        $(
            #[test]
            fn $test() {
                crate::e2e::bodies::$workflow::$test(crate::e2e::Language::$language);
            }
        )+
    };
}

mod bodies;
mod meeting;
mod python;
mod run;
mod rust;
mod typescript;

pub(crate) use run::Language;
