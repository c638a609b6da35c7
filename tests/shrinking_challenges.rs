//! The properties of the public shrinking challenge (github.com/jlink/shrinking-challenge) on JSON values: what is generated,
//! when it fails, and what is the smallest failure.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// One property.
#[derive(Clone, Copy)]
pub(crate) struct Challenge {
    pub(crate) name: &'static str,
    /// What is generated.
    pub(crate) inputs: fn() -> BoxedStrategy<Value>,
    /// Whether the property fails; `None` if the value is no input of the property at all.
    pub(crate) fails: fn(&Value) -> Option<bool>,
    /// The smallest failure, as JSON; another of the same size is as good.
    pub(crate) minimum: &'static str,
    /// How many evaluations the median may take.
    pub(crate) median: u32,
    /// How many evaluations all seeds take together. Another number is another search, for better or worse.
    pub(crate) spent: u32,
}

const fn challenge(
    name: &'static str,
    inputs: fn() -> BoxedStrategy<Value>,
    fails: fn(&Value) -> Option<bool>,
    minimum: &'static str,
    spent: u32,
) -> Challenge {
    Challenge { name, inputs, fails, minimum, median: 200, spent }
}

pub(crate) const CHALLENGES: [Challenge; 13] = [
    Challenge { median: 500, ..challenge("bound5", bound5, bound5_fails, "[[-1],[-32768],[],[],[]]", 35_210) },
    challenge("large_union_list", lists, large_union_list_fails, "[[0,1,2,3,4]]", 15_480),
    challenge("reverse", list, reverse_fails, "[0,1]", 1_433),
    challenge("calculator", expression, calculator_fails, r#"["/",0,["+",0,0]]"#, 1_595),
    challenge("lengthlist", lengthlist, lengthlist_fails, "[900]", 4_391),
    challenge("difference_not_zero", two_numbers, |pair| difference(pair, |by| by == 0), "[10,10]", 8_069),
    challenge(
        "difference_not_small",
        two_numbers,
        |pair| difference(pair, |by| (1..=4).contains(&by)),
        "[10,6]",
        8_422,
    ),
    challenge("difference_not_one", two_numbers, |pair| difference(pair, |by| by == 1), "[10,9]", 8_296),
    challenge("binheap", heap, binheap_fails, "[0,null,[0,[1,null,null],[0,null,null]]]", 2_313),
    challenge("coupling", coupled, coupling_fails, "[1,0]", 6_114),
    challenge("deletion", deletion, deletion_fails, "[[0,0],0]", 5_103),
    challenge("distinct", list, distinct_fails, "[0,1,2]", 3_128),
    challenge("nestedlists", lists, nestedlists_fails, "[[0,0,0,0,0,0,0,0,0,0,0]]", 6_076),
];

fn integers(value: &Value) -> Option<Vec<i64>> {
    value.as_array()?.iter().map(Value::as_i64).collect()
}

fn lists_of(value: &Value) -> Option<Vec<Vec<i64>>> {
    value.as_array()?.iter().map(integers).collect()
}

fn list() -> BoxedStrategy<Value> {
    vec(-1000_i64..1000, 0..20).prop_map(Value::from).boxed()
}

fn lists() -> BoxedStrategy<Value> {
    vec(vec(-1000_i64..1000, 0..10), 0..10).prop_map(Value::from).boxed()
}

fn bound5() -> BoxedStrategy<Value> {
    vec(vec(any::<i16>(), 0..5), 5).prop_map(Value::from).boxed()
}

/// Five lists whose sums in 16 bits are below 256 each have a sum in 16 bits below 5 * 256.
fn bound5_fails(value: &Value) -> Option<bool> {
    let lists = lists_of(value).filter(|lists| lists.len() == 5)?;
    let wrapped = |numbers: &[i64]| {
        numbers.iter().try_fold(0_i16, |sum, number| Some(sum.wrapping_add(i16::try_from(*number).ok()?)))
    };
    let sums: Vec<i16> = lists.iter().map(|list| wrapped(list)).collect::<Option<_>>()?;
    if sums.iter().any(|sum| *sum >= 256) {
        return None;
    }
    Some(sums.iter().fold(0_i16, |sum, other| sum.wrapping_add(*other)) >= 5 * 256)
}

fn large_union_list_fails(value: &Value) -> Option<bool> {
    let mut all = lists_of(value)?.concat();
    all.sort_unstable();
    all.dedup();
    Some(all.len() > 4)
}

fn reverse_fails(value: &Value) -> Option<bool> {
    let list = integers(value)?;
    Some(list.iter().ne(list.iter().rev()))
}

fn expression() -> BoxedStrategy<Value> {
    let number = (-100_i64..100).prop_map(Value::from);
    number
        .prop_recursive(5, 40, 2, |inner| {
            (proptest::sample::select(vec!["/", "+"]), inner.clone(), inner)
                .prop_map(|(operator, left, right)| json!([operator, left, right]))
        })
        .boxed()
}

/// Why an expression has no value.
enum NoValue {
    NoExpression,
    DividesByZero,
}

fn evaluate(value: &Value) -> Result<i64, NoValue> {
    if let Some(number) = value.as_i64() {
        return Ok(number);
    }
    let parts = value.as_array().map_or(&[][..], Vec::as_slice);
    let [operator, left, right] = parts else { return Err(NoValue::NoExpression) };
    // What is no expression goes before what has no value, wherever it stands.
    let (a, b) = match (evaluate(left), evaluate(right)) {
        (Err(NoValue::NoExpression), _) | (_, Err(NoValue::NoExpression)) => return Err(NoValue::NoExpression),
        (a, b) => (a, b),
    };
    match operator.as_str() {
        Some("/") if right.as_i64() == Some(0) => Err(NoValue::NoExpression),
        Some("/") => a?.checked_div(b?).ok_or(NoValue::DividesByZero),
        Some("+") => Ok(a?.saturating_add(b?)),
        _ => Err(NoValue::NoExpression),
    }
}

/// No expression divides by zero, where none divides by a literal zero.
fn calculator_fails(value: &Value) -> Option<bool> {
    match evaluate(value) {
        Ok(_) => Some(false),
        Err(NoValue::DividesByZero) => Some(true),
        Err(NoValue::NoExpression) => None,
    }
}

fn lengthlist() -> BoxedStrategy<Value> {
    (1_usize..100).prop_flat_map(|length| vec(0_i64..1000, length)).prop_map(Value::from).boxed()
}

fn lengthlist_fails(value: &Value) -> Option<bool> {
    let list = integers(value)?;
    (!list.is_empty() && list.iter().all(|number| (0..1000).contains(number))).then(|| list.iter().any(|n| *n >= 900))
}

fn two_numbers() -> BoxedStrategy<Value> {
    // Near each other now and then, or hardly any pair would fail.
    let near = (1_i64..1000, -4_i64..=4).prop_map(|(x, by)| (x, (x + by).max(1)));
    prop_oneof![(1_i64..1000, 1_i64..1000), near].prop_map(|(x, y)| json!([x, y])).boxed()
}

fn difference(value: &Value, bad: fn(i64) -> bool) -> Option<bool> {
    let pair = integers(value)?;
    let [x, y] = pair.as_slice() else { return None };
    (*x > 0 && *y > 0).then(|| *x >= 10 && bad((x - y).abs()))
}

/// A heap is null or `[value, left, right]`, with no value below the one above it.
#[derive(Clone)]
struct Heap(Option<Box<(i64, Heap, Heap)>>);

impl Heap {
    fn of(value: &Value, least: i64) -> Option<Self> {
        if value.is_null() {
            return Some(Self(None));
        }
        let [top, left, right] = value.as_array()?.as_slice() else { return None };
        let top = top.as_i64().filter(|top| *top >= least)?;
        Some(Self(Some(Box::new((top, Self::of(left, top)?, Self::of(right, top)?)))))
    }

    fn merged(self, other: Self) -> Self {
        let (Some(a), Some(b)) = (&self.0, &other.0) else { return if self.0.is_none() { other } else { self } };
        if a.0 <= b.0 {
            let (top, left, right) = *a.clone();
            Self(Some(Box::new((top, right.merged(other), left))))
        } else {
            let (top, left, right) = *b.clone();
            Self(Some(Box::new((top, right.merged(self), left))))
        }
    }

    fn values(&self) -> Vec<i64> {
        let Some(node) = &self.0 else { return Vec::new() };
        [vec![node.0], node.1.values(), node.2.values()].concat()
    }
}

fn heap() -> BoxedStrategy<Value> {
    let leaf = Just(Value::Null);
    leaf.prop_recursive(5, 32, 2, |inner| {
        (0_i64..50, inner.clone(), inner).prop_map(|(top, left, right)| json!([top, left, right]))
    })
    // Added up from the top, so that a child is never below its parent.
    .prop_map(|heap| lifted(&heap, 0))
    .boxed()
}

fn lifted(value: &Value, by: i64) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([top, left, right]) => {
            let top = top.as_i64().unwrap_or(0) + by;
            json!([top, lifted(left, top), lifted(right, top)])
        }
        _ => Value::Null,
    }
}

/// The list of a heap is its sorted list; the one that is looked at forgets to sort what it merged.
fn binheap_fails(value: &Value) -> Option<bool> {
    let heap = Heap::of(value, i64::MIN)?;
    let wrong = match heap.0.clone() {
        None => Vec::new(),
        Some(node) => [vec![node.0], node.1.merged(node.2).values()].concat(),
    };
    let mut sorted = heap.values();
    sorted.sort_unstable();
    Some(wrong != sorted)
}

fn coupled() -> BoxedStrategy<Value> {
    (1_usize..20).prop_flat_map(|length| vec(0..length, length)).prop_map(Value::from).boxed()
}

/// No two places of a list of places point at each other.
fn coupling_fails(value: &Value) -> Option<bool> {
    let list = integers(value)?;
    let list: Vec<usize> = list.into_iter().map(|place| usize::try_from(place).ok()).collect::<Option<_>>()?;
    let inside = list.iter().all(|place| *place < list.len());
    inside.then(|| (0..list.len()).any(|place| list[place] != place && list[list[place]] == place))
}

fn deletion() -> BoxedStrategy<Value> {
    (vec(-100_i64..100, 1..20), any::<proptest::sample::Index>(), any::<bool>())
        .prop_map(|(mut list, index, twice)| {
            let number = *index.get(&list);
            if twice {
                list.push(number);
            }
            json!([list, number])
        })
        .boxed()
}

/// After a number was deleted from a list it is not in the list.
fn deletion_fails(value: &Value) -> Option<bool> {
    let [list, number] = value.as_array()?.as_slice() else { return None };
    let (mut list, number) = (integers(list)?, number.as_i64()?);
    let place = list.iter().position(|other| *other == number)?;
    list.remove(place);
    Some(list.contains(&number))
}

fn distinct_fails(value: &Value) -> Option<bool> {
    let mut list = integers(value)?;
    list.sort_unstable();
    list.dedup();
    Some(list.len() >= 3)
}

fn nestedlists_fails(value: &Value) -> Option<bool> {
    Some(lists_of(value)?.iter().map(Vec::len).sum::<usize>() > 10)
}
