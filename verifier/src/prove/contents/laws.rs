//! Tests that the solver, the checker of claims and the search for paths agree on reading facts
//! back over an edge.

use smallvec::SmallVec;

use super::{Fact, Substitution};
use crate::certificate::Otherwise;
use crate::model::{
    After, AfterBuilder, Before, BeforeBuilder, Block, Location, LocationKind, Name, OperationKind,
    Origin, Value,
};
use crate::prove::pair::Pair;

const VALUES: usize = 5;

/// `block1(v3, v4)` is entered with `v1` and `v2`; `v0` goes on. `v0`, `v1` and `v3`
/// are declared, `v2` is a number, and `v4` is what it receives. The two parameters
/// are in each other's place.
fn programs() -> (Before, After) {
    let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
    let name = |n| Name::Numbered("v", n);
    let value: Vec<Value> = (0u32..5).map(|n| before.value(name(n))).collect();
    let at: Vec<Location> =
        (0u32..5).map(|n| after.location(LocationKind::Value(name(n)))).collect();
    let block = |n| (Name::Numbered("block", n), Origin::default());
    let (entry, origin) = block(0);
    let first = before.block(entry.clone(), origin, &value[..3]);
    before.operation(OperationKind::Plain, &[], &[], origin);
    before.leave([(Block::new(1), &value[1..3])]);
    after.block(entry, origin, Some(first), &at[..3]);
    after.instruction(true, origin);
    after.leave([(Block::new(1), &[at[2], at[1]][..])]);
    let (next, origin) = block(1);
    let second = before.block(next.clone(), origin, &value[3..]);
    before.leave([]);
    after.block(next, origin, Some(second), &at[3..]);
    after.leave([]);
    (before.finish(), after.finish())
}

fn facts() -> Vec<Fact> {
    let others = [Otherwise::Nothing, Otherwise::Null, Otherwise::Reference];
    let sets = (0..1usize << VALUES).flat_map(|set| others.map(|otherwise| (set, otherwise)));
    sets.filter_map(|(set, otherwise)| {
        let values = (0..VALUES).filter(|i| set >> i & 1 == 1).map(Value::new).collect();
        Fact::new(values, otherwise)
    })
    .collect()
}

fn join(one: &Fact, other: &Fact) -> Fact {
    let values: SmallVec<_> = one.values().iter().chain(other.values()).copied().collect();
    Fact::new(values, one.otherwise().max(other.otherwise())).expect("more than either")
}

fn in_front(check: impl Fn(&Pair<'_>, &dyn Fn(Location, &Fact) -> (Location, Fact))) {
    let (before, after) = programs();
    let declared = [0, 1, 3].map(Value::new);
    let pair = Pair::new(&before, &declared, &after).expect("a pair");
    let mut substitution = Substitution::new(5, VALUES);
    let edge = pair.edges(Block::new(0)).next().expect("an edge");
    substitution.load(&pair, &edge);
    check(&pair, &|at, fact| substitution.read_back(at, fact));
}

#[test]
fn joins_are_idempotent_commutative_and_associative() {
    let facts = facts();
    for a in &facts {
        assert_eq!(join(a, a), *a);
        for b in &facts {
            assert_eq!(join(a, b), join(b, a));
            for c in &facts {
                assert_eq!(join(&join(a, b), c), join(a, &join(b, c)));
            }
        }
    }
}

#[test]
fn reading_back_is_monotone_and_distributes_over_joins() {
    let facts = facts();
    let at = Location::new(0);
    in_front(|pair, read_back| {
        let references = pair.references();
        for a in &facts {
            for b in &facts {
                let (back_a, back_b) = (read_back(at, a).1, read_back(at, b).1);
                let back = read_back(at, &join(a, b)).1;
                assert_eq!(back, join(&back_a, &back_b), "{a:?} {b:?}");
                if a.implies(b, references) {
                    assert!(back_a.implies(&back_b, references), "{a:?} {b:?}");
                }
            }
        }
    });
}

#[test]
fn parameters_are_assigned_in_parallel() {
    let holds = |n| Fact::holds(Value::new(n));
    in_front(|_, read_back| {
        let at = Location::new;
        assert_eq!(read_back(at(3), &holds(3)), (at(2), holds(1)), "the parameter's argument");
        assert_eq!(read_back(at(4), &holds(4)), (at(1), holds(2)));
        assert_eq!(read_back(at(0), &holds(0)), (at(0), holds(0)), "what is no parameter");
        // A declared parameter would make a reference of a number, but receives one.
        assert_eq!(read_back(at(0), &Fact::reference()).1, Fact::reference());
    });
}
