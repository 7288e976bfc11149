//! A tree of keys from which single leaves can be taken out for good (Goldreich, Goldwasser and Micali 1986; punctured
//! as Boneh and Waters 2013 do): each key follows from the one above it, and none from one below or beside it.

use crate::crypto::hmac;

/// How many steps lead from the root to a leaf: a bit of the leaf's number each.
const DEPTH: u8 = u64::BITS as u8;
/// depth ‖ path ‖ key
const NODE: usize = 1 + 8 + 32;

/// A key of the tree, and all that follow from it.
#[derive(Clone)]
struct Node {
    /// How many steps from the root.
    depth: u8,
    /// The steps, the first in the highest bit; those not taken are 0.
    path: u64,
    key: [u8; 32],
}

impl Node {
    /// The one below on this side.
    fn child(&self, right: bool) -> Self {
        let step = if right { 1 << (DEPTH - 1 - self.depth) } else { 0 };
        Self { depth: self.depth + 1, path: self.path | step, key: hmac(&self.key, &[u8::from(right)]) }
    }

    fn is_above(&self, leaf: u64) -> bool {
        self.path == leaf & mask(self.depth)
    }

    /// Which way a leaf lies from here.
    fn turns_right(&self, leaf: u64) -> bool {
        leaf >> (DEPTH - 1 - self.depth) & 1 == 1
    }
}

/// The bits that this many steps decide.
fn mask(depth: u8) -> u64 {
    u64::MAX.checked_shr(u32::from(depth)).map_or(u64::MAX, |undecided| !undecided)
}

/// What is left of a tree: from left to right, the highest keys that no taken leaf follows from.
#[derive(Clone)]
pub(crate) struct Tree(Vec<Node>);

impl Tree {
    /// All of it.
    pub(crate) fn whole(root: [u8; 32]) -> Self {
        Self(vec![Node { depth: 0, path: 0, key: root }])
    }

    /// The key of a leaf; none once it was taken out.
    pub(crate) fn leaf(&self, leaf: u64) -> Option<[u8; 32]> {
        let mut node = self.0[self.above(leaf)?].clone();
        while node.depth < DEPTH {
            node = node.child(node.turns_right(leaf));
        }
        Some(hmac(&node.key, b"entente/2 seal"))
    }

    /// Takes out a leaf: what is left are the keys beside the way to it. False if it was taken out before.
    pub(crate) fn puncture(&mut self, leaf: u64) -> bool {
        let Some(at) = self.above(leaf) else { return false };
        let mut node = self.0[at].clone();
        let mut beside = Vec::with_capacity(usize::from(DEPTH - node.depth));
        while node.depth < DEPTH {
            let right = node.turns_right(leaf);
            beside.push(node.child(!right));
            node = node.child(right);
        }
        beside.sort_unstable_by_key(|node| node.path);
        self.0.splice(at..=at, beside);
        true
    }

    /// How it is stored.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        for node in &self.0 {
            bytes.push(node.depth);
            bytes.extend_from_slice(&node.path.to_be_bytes());
            bytes.extend_from_slice(&node.key);
        }
    }

    /// What was stored; none if it is no tree.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (chunks, rest) = bytes.as_chunks::<NODE>();
        let mut nodes: Vec<Node> = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let (&depth, path_and_key) = chunk.split_first()?;
            let (path, key) = path_and_key.split_first_chunk()?;
            let node = Node { depth, path: u64::from_be_bytes(*path), key: key.try_into().ok()? };
            let is_node = depth <= DEPTH && node.path == node.path & mask(depth);
            let last = nodes.last().map(|before| before.path | !mask(before.depth));
            if !is_node || last.is_some_and(|last| node.path <= last) {
                return None;
            }
            nodes.push(node);
        }
        rest.is_empty().then_some(Self(nodes))
    }

    /// Where the node is that a leaf follows from.
    fn above(&self, leaf: u64) -> Option<usize> {
        let at = self.0.partition_point(|node| node.path <= leaf).checked_sub(1)?;
        self.0[at].is_above(leaf).then_some(at)
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
