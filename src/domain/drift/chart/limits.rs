//! The limits of the level chart. The table is the output of a computation; see `benches/drift_evaluation/limits.rs`.

/// Observations in the baseline, the rows of the table.
pub const SIZES: [f64; 6] = [28.0, 42.0, 63.0, 95.0, 142.0, 182.0];

/// Estimated autocorrelation, the columns of the table.
pub const PHIS: [f64; 6] = [0.0, 0.15, 0.3, 0.45, 0.6, 0.75];

/// The false signals per year and twelve fields that the table stands for.
pub const BUDGET: f64 = 4.0;

/// Logarithms of a likelihood ratio, by rows of [`SIZES`] and columns of [`PHIS`].
const TABLE: [[f64; 6]; 6] = [
    [10.81, 10.62, 10.58, 9.99, 6.69, 5.51],
    [9.98, 10.61, 11.52, 11.55, 9.43, 6.84],
    [8.31, 9.22, 10.74, 12.75, 10.95, 6.91],
    [6.94, 7.09, 8.10, 9.77, 7.94, 5.90],
    [6.45, 6.43, 7.04, 8.26, 7.49, 5.90],
    [6.19, 6.17, 6.55, 7.46, 6.82, 4.94],
];

/// The limits of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// By rows of [`SIZES`] and columns of [`PHIS`].
    pub table: [[f64; 6]; 6],
    /// Added to each, for another budget than that of the table: the time between false signals grows by the exponential
    /// of the limit.
    pub more: f64,
}

/// A place of the table and its part in an interpolated limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
    /// The four parts of a limit sum up to one.
    pub weight: f64,
}

impl Limits {
    /// The limits that keep so many false signals per year and twelve fields.
    #[must_use]
    pub fn of_budget(budget: f64) -> Self {
        Self {
            table: TABLE,
            more: (BUDGET / budget.max(1e-3)).ln(),
        }
    }

    /// The limit with a baseline of so many observations and an autocorrelation.
    #[must_use]
    pub fn at(&self, n: u32, phi: f64) -> f64 {
        let parts = nodes(n, phi);
        let limit: f64 = parts
            .iter()
            .map(|node| node.weight * self.node(*node))
            .sum();
        (limit + self.more).max(1.0)
    }

    fn node(&self, node: Node) -> f64 {
        let row = self.table.get(node.row);
        row.and_then(|row| row.get(node.column))
            .copied()
            .unwrap_or(f64::INFINITY)
    }
}

/// The four places between which a limit is interpolated: by the logarithm of the size, and by the autocorrelation.
#[must_use]
pub fn nodes(n: u32, phi: f64) -> [Node; 4] {
    let size = f64::from(n).clamp(28.0, 182.0).ln();
    let (row, down) = between(&SIZES.map(f64::ln), size);
    let (column, right) = between(&PHIS, phi);
    let node = |row, column, weight| Node {
        row,
        column,
        weight,
    };
    [
        node(row, column, (1.0 - down) * (1.0 - right)),
        node(row, column + 1, (1.0 - down) * right),
        node(row + 1, column, down * (1.0 - right)),
        node(row + 1, column + 1, down * right),
    ]
}

/// The interval that holds a figure, and how far it is along.
fn between(grid: &[f64; 6], figure: f64) -> (usize, f64) {
    let mut found = (0, 0.0);
    for (place, pair) in grid.windows(2).enumerate() {
        if let [low, high] = pair
            && figure >= *low
        {
            found = (place, ((figure - low) / (high - low)).min(1.0));
        }
    }
    found
}
