//! Minutes divided so that they add up exactly.
//!
//! The largest-remainder method (Hamilton's) with minimums: a phase whose share is below its minimum gets the minimum,
//! the others divide the rest by their weights; the minutes that rounding leaves go to the largest remainders, the
//! earlier phase first.

/// What one phase claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// The share of the whole, among the others' weights.
    pub weight: u32,
    /// The least minutes.
    pub minimum: u32,
}

/// The minutes of each claim, which add up to `total`; nothing where the minimums do not fit, or there is no claim.
pub(super) fn divide(total: u32, claims: &[Claim]) -> Option<Vec<u32>> {
    let least: u32 = claims.iter().map(|claim| claim.minimum).sum();
    if claims.is_empty() || least > total {
        return None;
    }
    let mut fixed = vec![false; claims.len()];
    loop {
        let (rest, weights) = remaining(total, claims, &fixed);
        let below = claims.iter().zip(&fixed).position(|(claim, fixed)| {
            !fixed && claim.weight * rest < claim.minimum * weights.max(1)
        });
        let Some(mark) = below.and_then(|place| fixed.get_mut(place)) else {
            break;
        };
        *mark = true;
    }
    Some(shares(total, claims, &fixed))
}

/// What the claims that are not fixed divide, and their weights together.
fn remaining(total: u32, claims: &[Claim], fixed: &[bool]) -> (u32, u32) {
    let pairs = || claims.iter().zip(fixed);
    let taken: u32 = pairs()
        .filter(|(_, fixed)| **fixed)
        .map(|(claim, _)| claim.minimum)
        .sum();
    let weights = pairs()
        .filter(|(_, fixed)| !**fixed)
        .map(|(claim, _)| claim.weight)
        .sum();
    (total.saturating_sub(taken), weights)
}

fn shares(total: u32, claims: &[Claim], fixed: &[bool]) -> Vec<u32> {
    let (rest, weights) = remaining(total, claims, fixed);
    let mut minutes = Vec::with_capacity(claims.len());
    let mut remainders = Vec::new();
    for (place, (claim, fixed)) in claims.iter().zip(fixed).enumerate() {
        if *fixed || weights == 0 {
            minutes.push(claim.minimum);
        } else {
            minutes.push(claim.weight * rest / weights);
            remainders.push((claim.weight * rest % weights, place));
        }
    }
    // The sort is stable: of equal remainders the earlier phase comes first.
    remainders.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
    let given: u32 = minutes.iter().sum();
    // Nobody is left to round where every claim got its minimum: the last one takes what is over.
    let last = minutes.len().saturating_sub(1);
    let order: Vec<usize> = match remainders.as_slice() {
        [] => vec![last],
        some => some.iter().map(|(_, place)| *place).collect(),
    };
    let over = usize::try_from(total.saturating_sub(given)).unwrap_or(0);
    for place in order.iter().cycle().take(over) {
        if let Some(minutes) = minutes.get_mut(*place) {
            *minutes += 1;
        }
    }
    minutes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn claim(weight: u32, minimum: u32) -> Claim {
        Claim { weight, minimum }
    }

    #[test]
    fn shares_follow_the_weights_and_minimums_hold() {
        let claims = [
            claim(10, 2),
            claim(22, 4),
            claim(25, 4),
            claim(33, 4),
            claim(10, 2),
        ];
        assert_eq!(divide(100, &claims), Some(vec![10, 22, 25, 33, 10]));
        assert_eq!(divide(45, &claims), Some(vec![5, 10, 11, 15, 4]));
        assert_eq!(divide(16, &claims), Some(vec![2, 4, 4, 4, 2]));
        assert_eq!(divide(15, &claims), None);
        assert_eq!(divide(15, &[]), None);
    }

    #[test]
    fn of_equal_remainders_the_earlier_phase_gets_the_minute() {
        let claims = [claim(1, 1), claim(1, 1), claim(1, 1)];
        assert_eq!(divide(10, &claims), Some(vec![4, 3, 3]));
        assert_eq!(divide(11, &claims), Some(vec![4, 4, 3]));
    }

    proptest! {
        #[test]
        fn minutes_add_up_exactly_and_none_is_below_its_minimum(
            total in 1_u32..600,
            claims in prop::collection::vec((0_u32..100, 1_u32..20), 1..8),
        ) {
            let claims: Vec<Claim> = claims.into_iter().map(|(w, m)| claim(w, m)).collect();
            let least: u32 = claims.iter().map(|claim| claim.minimum).sum();
            match divide(total, &claims) {
                None => prop_assert!(least > total),
                Some(minutes) => {
                    prop_assert_eq!(minutes.iter().sum::<u32>(), total);
                    prop_assert_eq!(minutes.len(), claims.len());
                    prop_assert!(minutes.iter().zip(&claims).all(|(m, c)| *m >= c.minimum));
                }
            }
        }
    }
}
