//! That a leaf once taken out is gone, and that no other ever notices.
#![allow(clippy::unwrap_used)]

use super::*;

const ROOT: [u8; 32] = [7; 32];

/// Numbers that look like chance, and are the same in every run.
fn leaves(seed: u64) -> impl Iterator<Item = u64> {
    (0_u64..).map(move |nth| {
        let key = hmac(&[3; 32], &[seed.to_be_bytes(), nth.to_be_bytes()].concat());
        u64::from_be_bytes(*key.first_chunk().unwrap())
    })
}

fn without(taken: &[u64]) -> Tree {
    let mut tree = Tree::whole(ROOT);
    for leaf in taken {
        assert!(tree.puncture(*leaf));
    }
    tree
}

fn bytes(tree: &Tree) -> Vec<u8> {
    let mut bytes = Vec::new();
    tree.write(&mut bytes);
    bytes
}

/// Whether a leaf follows from anything in what is stored, by whatever way.
fn follows(stored: &[u8], leaf: u64, key: &[u8; 32]) -> bool {
    let (nodes, _) = stored.as_chunks::<NODE>();
    nodes.iter().any(|node| {
        let secret: [u8; 32] = *node[9..].first_chunk().unwrap();
        // Whatever depth is claimed for it: all ways down along the end of the leaf's own way.
        (0..=DEPTH).any(|depth| {
            let mut at = Node { depth, path: leaf & mask(depth), key: secret };
            while at.depth < DEPTH {
                at = at.child(at.turns_right(leaf));
            }
            hmac(&at.key, b"entente/2 seal") == *key
        })
    })
}

#[test]
fn every_leaf_follows_from_the_whole() {
    let tree = Tree::whole(ROOT);
    let mut node = ROOT;
    for _ in 0..64 {
        node = hmac(&node, &[1]);
    }
    assert_eq!(tree.leaf(u64::MAX), Some(hmac(&node, b"entente/2 seal")));
    assert_ne!(tree.leaf(0), tree.leaf(1));
}

#[test]
fn whatever_is_taken_out_is_gone_and_everything_else_is_as_it_was() {
    let whole = Tree::whole(ROOT);
    for seed in 0..12 {
        let taken: Vec<_> = leaves(seed).take(1 + seed as usize).collect();
        let near = taken.iter().flat_map(|leaf| (seed % 7..64).step_by(7).map(move |bit| leaf ^ 1 << bit));
        let others: Vec<_> = near.chain(leaves(seed + 1000).take(10)).chain([0, 1, u64::MAX]).collect();
        let tree = without(&taken);
        for leaf in &taken {
            assert_eq!(tree.leaf(*leaf), None);
        }
        for leaf in others.iter().filter(|leaf| !taken.contains(leaf)) {
            assert_eq!(tree.leaf(*leaf), whole.leaf(*leaf), "{leaf:x}");
        }
    }
}

#[test]
fn neighbours_and_ends_are_taken_out_like_any() {
    let whole = Tree::whole(ROOT);
    let tree = without(&[0, 1, 3, u64::MAX, u64::MAX - 1, 1 << 63]);
    for gone in [0, 1, 3, u64::MAX, u64::MAX - 1, 1 << 63] {
        assert_eq!(tree.leaf(gone), None);
    }
    for stays in [2, 4, u64::MAX - 2, (1 << 63) - 1, (1 << 63) + 1] {
        assert_eq!(tree.leaf(stays), whole.leaf(stays));
    }
}

#[test]
fn what_is_stored_leads_to_no_leaf_that_was_taken_out() {
    let whole = Tree::whole(ROOT);
    let taken: Vec<_> = leaves(1).take(2).collect();
    let stored = bytes(&without(&taken));
    for leaf in taken {
        assert!(!follows(&stored, leaf, &whole.leaf(leaf).unwrap()));
    }
    let other = leaves(2).next().unwrap();
    assert!(follows(&stored, other, &whole.leaf(other).unwrap()), "the search finds what is there");
}

#[test]
fn the_order_does_not_matter() {
    let mut taken: Vec<_> = leaves(9).take(12).collect();
    let one = bytes(&without(&taken));
    taken.reverse();
    assert_eq!(bytes(&without(&taken)), one);
    taken.sort_unstable();
    assert_eq!(bytes(&without(&taken)), one);
}

#[test]
fn to_take_out_a_leaf_again_changes_nothing() {
    let mut tree = without(&[5, 6]);
    let before = bytes(&tree);
    assert!(!tree.puncture(5));
    assert_eq!(bytes(&tree), before);
}

#[test]
fn a_tree_is_read_as_it_was_written_and_nothing_else_is_one() {
    let whole = Tree::whole(ROOT);
    let stored = bytes(&without(&[1 << 40, 77]));
    let read = Tree::read(&stored).unwrap();
    assert_eq!(read.leaf(77), None);
    assert_eq!(read.leaf(78), whole.leaf(78));
    assert_eq!(bytes(&read), stored);

    assert!(Tree::read(&stored[1..]).is_none(), "cut off");
    let turned: Vec<u8> = stored.chunks(NODE).rev().flatten().copied().collect();
    assert!(Tree::read(&turned).is_none(), "out of order");
    let twice = [&stored[..NODE], &stored].concat();
    assert!(Tree::read(&twice).is_none(), "one above another");
    let mut deep = stored.clone();
    deep[0] = 65;
    assert!(Tree::read(&deep).is_none(), "deeper than a leaf");
}
