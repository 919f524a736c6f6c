using System.Collections.Concurrent;
using CertiFlip.Heads;
using CertiFlip.Kernels;

namespace CertiFlip.Poisoning;

/// <summary>
/// What ridge regression with a fixed λ can come to say when any r training rows are removed: a bound that is proved
/// for every r, exact for one row, and useless where the leverages of r rows add up to 1.
/// </summary>
/// <remarks>
/// <para>
/// Let H be the matrix whose rows are the label weights of the training rows, h its diagonal, α the label weights of
/// the test row, and e = t − Ht the residuals of what is predicted. Without the rows R the score is lower by αᵀ(I −
/// H)⁻¹e, all restricted to R. This is Σαe + αᵀH(I − H)⁻¹e, and no more than Σαe + ‖α‖‖e‖ρ/(1 − ρ), where ρ = Σh &lt; 1
/// is at least the norm of H on R. For one row it is αe/(1 − h).
/// </para>
/// <para>The classifier is the one in exact arithmetic; docs/soundness.md derives the bound and its margins.</para>
/// </remarks>
internal sealed class RidgeRemoval : IRowBounds
{
    private const int TileRows = 16;

    // Doubles: half a gigabyte of rows of H.
    private const int MostKept = 1 << 26;

    private readonly TrainingSet _training;
    private readonly RidgeHead _head;
    private readonly int _price;
    private readonly double[] _means;
    private readonly double[] _leverages;
    private readonly double[][] _residuals; // Of each class against the rest.
    private readonly double[] _leverageSums; // Of the 0, 1, … largest, as long as they are below 1.
    private readonly double _fitError;
    private readonly double _residualError;
    private readonly ConcurrentDictionary<(int, int), PairResiduals> _pairs = new();
    private readonly ConcurrentDictionary<int, double[]> _rowsOfHat = new(); // Attacks remove the same rows again and again.

    public RidgeRemoval(TrainingSet training, RidgeHead head, int price, ParallelOptions parallel)
    {
        (_training, _head, _price) = (training, head, price);
        FeatureMatrix features = training.Features;
        int n = features.Rows, stride = Tile.PadWidth(n);
        _means = new double[features.Columns];
        for (int row = 0; row < n; row++)
        {
            ReadOnlySpan<double> x = features.Row(row);
            for (int i = 0; i < x.Length; i++)
                _means[i] += x[i] / n;
        }

        (_leverages, _residuals) = (new double[n], [.. training.Classes.Select(_ => new double[n])]);
        Parallel.For(0, (n + TileRows - 1) / TileRows, parallel, () => new double[TileRows * stride], (tile, _, weights) =>
        {
            int first = tile * TileRows, count = Math.Min(TileRows, n - first);
            head.ComputeWeights(features, first, count, weights, stride);
            for (int row = first; row < first + count; row++)
            {
                ReadOnlySpan<double> own = weights.AsSpan((row - first) * stride, n);
                _leverages[row] = own[row];
                _residuals[training.Labels[row]][row] = 1;
                for (int other = 0; other < n; other++)
                    _residuals[training.Labels[other]][row] -= own[other];
            }

            return weights;
        }, _ => { });

        // Every row of H is no longer than 1, so its magnitudes add up to √n at most.
        _fitError = head.Errors.OfFit;
        _residualError = _fitError + (n + 8) * Rounding.Epsilon * (1 + Math.Sqrt(n));
        _leverageSums = [.. Prefixes(_leverages.Select(h => h + _fitError)).TakeWhile(sum => sum < 1)];
    }

    /// <summary>The most rows that the bound can say anything about.</summary>
    public int MostRows => _leverageSums.Length - 1;

    /// <inheritdoc/>
    public Certificate Certify(FeatureMatrix tests, int row)
    {
        ScoredRow scored = Score(tests, row);
        int winner = scored.Winner, least = int.MaxValue;
        bool isCertified = true;
        for (int rival = 0; rival < _training.Classes.Count; rival++)
        {
            if (rival == winner)
                continue;
            double lead = scored.Lead(rival) - scored.LeadError;
            isCertified &= lead > 0;
            least = Math.Min(least, lead > 0 ? Survived(scored, PairOf(winner, rival), lead, least) : 0);
        }

        Radius radius = isCertified ? Radius.Below((least + 1L) * _price) : Radius.Of(0);
        return new Certificate(CertificateKind.Removal, winner, radius, isCertified);
    }

    /// <summary>
    /// Removes, one after the other, the row that brings a rival nearest, and computes what the head without it would
    /// say: an attack that is really carried out.
    /// </summary>
    /// <param name="tests">Test rows.</param>
    /// <param name="row">Which of them.</param>
    /// <param name="most">How many rows are removed at most.</param>
    /// <returns>Rows without which the prediction is another, or null where none were found.</returns>
    public IReadOnlyList<int>? Attack(FeatureMatrix tests, int row, int most)
    {
        ScoredRow scored = Score(tests, row);
        IReadOnlyList<int>? best = null;
        foreach (int rival in Enumerable.Range(0, _training.Classes.Count).Where(c => c != scored.Winner).OrderBy(scored.Lead))
        {
            var attack = new GreedyRemoval(
                scored.Weights, [.. PairOf(scored.Winner, rival).Residuals], [.. _leverages], RowOfHat, scored.Lead(rival));
            if (attack.Find(best is null ? most : best.Count - 1) is { } found)
                best = found;
        }

        return best;
    }

    /// <summary>The largest number of rows, up to a limit, without any of which the lead is still positive.</summary>
    private int Survived(ScoredRow row, PairResiduals pair, double lead, int most)
    {
        if (!IsKeptWithoutOne(row, pair, lead))
            return 0;
        most = Math.Min(most, MostRows);
        int rows = 1;
        double gains = row.LargestGain(pair, 0);
        for (; rows < most; rows++)
        {
            // r = rows + 1 of the largest of everything. Each of the roundings is upward.
            int r = rows + 1;
            gains += row.LargestGain(pair, rows);
            double weights = row.WeightNorm(r) + row.Error, residuals = pair.Norm(r) + Math.Sqrt(r) * _residualError;
            double leverage = _leverageSums[r];
            double fall = gains + Math.Sqrt(r) * row.WeightNorm(r) * _residualError + (pair.Largest + _residualError) * row.Error
                + weights * residuals * leverage / (1 - leverage);
            if (!(fall * (1 + 8 * (r + 16) * Rounding.Epsilon) < lead))
                break;
        }

        return Math.Min(rows, Math.Max(1, most));
    }

    /// <summary>Without one row, whichever it is: in closed form.</summary>
    private bool IsKeptWithoutOne(ScoredRow row, PairResiduals pair, double lead)
    {
        for (int j = 0; j < _leverages.Length; j++)
        {
            double share = 1 - _leverages[j] - _fitError;
            double fall = row.Weights[j] * pair.Residuals[j] + Math.Abs(row.Weights[j]) * _residualError
                + (pair.Largest + _residualError) * row.Error;
            if (!(share > 0) || !(fall / share * (1 + 16 * Rounding.Epsilon) < lead))
                return false;
        }

        return true;
    }

    private PairResiduals PairOf(int winner, int rival) => _pairs.GetOrAdd((winner, rival), _ =>
        new PairResiduals(
            _training.Classes.Count > 2
                ? [.. _residuals[winner].Zip(_residuals[rival], (own, other) => own - other)]
                : [.. _residuals[1].Select(residual => winner == 1 ? residual : -residual)],
            MostRows));

    private ScoredRow Score(FeatureMatrix tests, int row)
    {
        int n = _leverages.Length, stride = Tile.PadWidth(n);
        double[] weights = new double[stride * Tile.Height];
        _head.ComputeWeights(tests, row, 1, weights, stride);
        weights = weights[..n];
        double[] scores = new double[_training.Classes.Count];
        double magnitude = 0, square = 0;
        for (int j = 0; j < n; j++)
        {
            scores[_training.Labels[j]] += weights[j];
            magnitude += Math.Abs(weights[j]);
        }

        if (!double.IsFinite(magnitude))
        {
            throw new HeadException(
                $"Test row {row} (counting from 0) is so far from the training rows that its label weights overflow. "
                + "Check its features' units.");
        }

        ReadOnlySpan<double> x = tests.Row(row);
        for (int i = 0; i < x.Length; i++)
        {
            double size = Math.Abs(x[i]) + Math.Abs(_means[i]);
            square += size * size;
        }

        // The weights of a row √g times as long are off by as much more: g ≤ ‖x − mean‖²/λ.
        double error = Math.Max(1, 1.01 * Math.Sqrt(square / _head.Lambda)) * _fitError;
        return new ScoredRow(weights, scores, error, error + (n + 8) * Rounding.Epsilon * (magnitude + 1));
    }

    /// <summary>The label weights of a training row.</summary>
    private double[] RowOfHat(int row)
    {
        if (_rowsOfHat.TryGetValue(row, out double[]? known))
            return known;
        int n = _leverages.Length, stride = Tile.PadWidth(n);
        double[] weights = new double[stride * Tile.Height];
        _head.ComputeWeights(_training.Features, row, 1, weights, stride);
        weights = weights[..n];
        return _rowsOfHat.Count < MostKept / n ? _rowsOfHat.GetOrAdd(row, weights) : weights;
    }

    private static double[] Prefixes(IEnumerable<double> values)
    {
        double[] sorted = [.. values.OrderDescending()], sums = new double[sorted.Length + 1];
        for (int i = 0; i < sorted.Length; i++)
            sums[i + 1] = (sums[i] + sorted[i]) * (1 + Rounding.Epsilon);
        return sums;
    }

    /// <summary>The residuals of the difference of two scores.</summary>
    private sealed class PairResiduals
    {
        private readonly double[] _squares;

        public PairResiduals(double[] residuals, int most)
        {
            Residuals = residuals;
            Largest = residuals.Max(Math.Abs);
            _squares = Prefixes(residuals.Select(residual => residual * residual))[..(most + 1)];
        }

        public double[] Residuals { get; }

        public double Largest { get; }

        /// <summary>The length of the largest so many.</summary>
        public double Norm(int rows) => Math.Sqrt(_squares[rows]);
    }

    /// <summary>A test row: its label weights and scores.</summary>
    /// <param name="weights">α.</param>
    /// <param name="scores">The score of each class.</param>
    /// <param name="error">What the weights are off by, together.</param>
    /// <param name="leadError">What a lead is off by.</param>
    private sealed class ScoredRow(double[] weights, double[] scores, double error, double leadError)
    {
        private readonly LargestFirst _squares = Filled(weights, weight => weight * weight);
        private readonly List<double> _squareSums = [0];
        private (PairResiduals Pair, LargestFirst Gains)? _gains;

        public double[] Weights => weights;

        public double Error => error;

        public double LeadError => leadError;

        /// <summary>Of two classes, 1 wins where its score is at least ½.</summary>
        public int Winner => scores.Length == 2 ? scores[1] >= 0.5 ? 1 : 0 : Array.IndexOf(scores, scores.Max());

        /// <summary>By how much the winner leads.</summary>
        public double Lead(int rival) =>
            scores.Length > 2 ? scores[Winner] - scores[rival] : rival == 0 ? scores[1] - 0.5 : 0.5 - scores[1];

        /// <summary>The length of the largest so many weights.</summary>
        public double WeightNorm(int rows)
        {
            while (_squareSums.Count <= rows)
                _squareSums.Add((_squareSums[^1] + _squares[_squareSums.Count - 1]) * (1 + Rounding.Epsilon));
            return Math.Sqrt(_squareSums[rows]);
        }

        /// <summary>What removing a row takes from the lead in first order, the largest first; 0 at least.</summary>
        public double LargestGain(PairResiduals pair, int rank)
        {
            if (_gains is not { } gains || gains.Pair != pair)
                _gains = gains = (pair, Filled(weights, (weight, row) => Math.Max(0, weight * pair.Residuals[row])));
            return gains.Gains[rank];
        }

        private static LargestFirst Filled(double[] values, Func<double, double> of) => Filled(values, (value, _) => of(value));

        private static LargestFirst Filled(double[] values, Func<double, int, double> of)
        {
            var largest = new LargestFirst(KernelSet.Best);
            Span<double> all = largest.Reset(values.Length);
            for (int i = 0; i < values.Length; i++)
                all[i] = of(values[i], i);
            return largest;
        }
    }
}

/// <summary>Removes the best row of all that are left, again and again.</summary>
/// <param name="weights">α. Here and below, those of the head on the rows that are left.</param>
/// <param name="residuals">e.</param>
/// <param name="leverages">h.</param>
/// <param name="rowOfHat">A row of H, with all rows.</param>
/// <param name="lead">What is to be covered.</param>
internal sealed class GreedyRemoval(
    double[] weights, double[] residuals, double[] leverages, Func<int, double[]> rowOfHat, double lead)
{
    // Beyond rounding, so that a fit to the rows that are left gives the other class, too.
    private const double Enough = -1e-7;
    private const double LeastShare = 1e-6;

    private readonly double[] _weights = [.. weights];
    private readonly List<(double[] Row, double Share)> _removed = [];

    /// <summary>Rows without which the lead is gone; null where there are more of them than allowed.</summary>
    public IReadOnlyList<int>? Find(int most)
    {
        List<int> rows = [];
        double left = lead;
        while (left > Enough)
        {
            int best = -1;
            double bestFall = 0;
            for (int j = 0; j < _weights.Length; j++)
            {
                double share = 1 - leverages[j], fall = _weights[j] * residuals[j] / share;
                if (share > LeastShare && fall > bestFall && !rows.Contains(j))
                    (best, bestFall) = (j, fall);
            }

            if (best < 0 || rows.Count == most)
                return null;
            Remove(best);
            rows.Add(best);
            left -= bestFall;
        }

        return rows;
    }

    private void Remove(int removed)
    {
        double[] row = [.. rowOfHat(removed)];
        foreach ((double[] earlier, double share) in _removed)
        {
            double times = earlier[removed] / share;
            for (int j = 0; j < row.Length; j++)
                row[j] += times * earlier[j];
        }

        double rest = 1 - row[removed], weight = _weights[removed] / rest, residual = residuals[removed] / rest;
        for (int j = 0; j < row.Length; j++)
        {
            _weights[j] += row[j] * weight;
            residuals[j] += row[j] * residual;
            leverages[j] += row[j] * row[j] / rest;
        }

        _removed.Add((row, rest));
    }
}
