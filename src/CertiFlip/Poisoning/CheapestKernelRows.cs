using CertiFlip.Kernels;

namespace CertiFlip.Poisoning;

/// <summary>
/// The cheapest rows to insert, remove and relabel so that a kernel smoother of a stated bandwidth H predicts another
/// class: exact at any prices, up to rounding, which counts against us.
/// </summary>
/// <remarks>
/// The classifier: the class with the largest sum of e^(−‖x − xⱼ‖²/(2H²)) over its rows, in exact arithmetic. A row at
/// the test row weighs 1, the most that any row can. Here everything is divided by the weight of the nearest row, which
/// changes no comparison and keeps the weights of a far test row in range. docs/soundness.md derives the margins.
/// </remarks>
internal sealed class CheapestKernelRows : IRowBounds
{
    private const double Least = 1e-300;

    private readonly ClassLabels _labels;
    private readonly RowAdversary _adversary;
    private readonly double[] _values;
    private readonly int _columns;
    private readonly double _rate;

    public CheapestKernelRows(TrainingSet training, double bandwidth, RowAdversary adversary)
    {
        (_labels, _adversary, _columns) = (training.Labels, adversary, training.Features.Columns);
        _values = training.Features.Values.ToArray();
        _rate = Math.Min(1 / (2 * bandwidth * bandwidth), double.MaxValue);
    }

    /// <inheritdoc/>
    public Certificate Certify(FeatureMatrix tests, int row)
    {
        KernelWeights weights = WeightsOf(tests.Row(row), row);
        (double[] Lower, double[] Upper) sums = weights.Sums(_labels);
        int winner = Array.IndexOf(sums.Lower, sums.Lower.Max());
        long? least = null;
        for (int rival = 0; rival < _labels.ClassCount; rival++)
        {
            if (rival == winner)
                continue;
            double lead = (sums.Lower[winner] - sums.Upper[rival]) * (1 - 4 * Rounding.Epsilon);
            if (!(lead > 0))
                return new Certificate(CertificateKind.Rows, winner, Radius.Of(0), IsCertified: false);
            if (new KernelCover(weights, _labels, winner, rival, _adversary).LeastPrice(lead) is { } price && !(price >= least))
                least = price;
        }

        // Without any row there is no prediction.
        if (_adversary.RemovePrice is { } remove && !(least <= remove * (long)_labels.Count))
            least = remove * (long)_labels.Count;
        Radius radius = least is { } p ? Radius.Below(p) : Radius.Any;
        return new Certificate(CertificateKind.Rows, winner, radius, IsCertified: true);
    }

    private KernelWeights WeightsOf(ReadOnlySpan<double> x, int test)
    {
        int n = _labels.Count;
        double[] exponents = new double[n];
        for (int row = 0; row < n; row++)
        {
            exponents[row] = Elementwise.SquaredDistance(x, _values.AsSpan(row * _columns, _columns)) * _rate;
        }

        double least = exponents.Min(), relative = (_columns + 24) * Rounding.Epsilon, tiny = _columns * 1e-300 * _rate;
        if (Array.Exists(exponents, exponent => !double.IsFinite(exponent)) || !double.IsFinite(tiny))
        {
            throw new HeadException(
                $"Test row {test} (counting from 0) is so far from the training rows that its distances overflow. "
                + "Check its features' units, and the bandwidth.");
        }

        double[] lower = new double[n], upper = new double[n];
        for (int row = 0; row < n; row++)
        {
            double error = relative * (exponents[row] + least) + tiny, exponent = least - exponents[row];
            lower[row] = Lowered(Arithmetic.Exp(exponent - error));
            upper[row] = Raised(Arithmetic.Exp(exponent + error));
        }

        return new KernelWeights(lower, upper, Raised(Arithmetic.Exp(least + relative * least + tiny)));
    }

    private static double Raised(double value) => value < Least ? Least : value * (1 + 8 * Rounding.Epsilon);

    private static double Lowered(double value) => value < Least ? 0 : value * (1 - 8 * Rounding.Epsilon);
}

/// <summary>What training rows weigh, and the most that a row can weigh, relative to the nearest.</summary>
internal sealed record KernelWeights(double[] Lower, double[] Upper, double Inserted)
{
    /// <summary>What the rows of each class weigh together.</summary>
    public (double[] Lower, double[] Upper) Sums(ClassLabels labels)
    {
        double[] lower = new double[labels.ClassCount], upper = new double[labels.ClassCount];
        for (int row = 0; row < labels.Count; row++)
        {
            lower[labels[row]] += Lower[row];
            upper[labels[row]] += Upper[row];
        }

        double rounding = labels.Count * Rounding.Epsilon;
        return ([.. lower.Select(sum => sum * (1 - rounding))], [.. upper.Select(sum => sum * (1 + rounding))]);
    }
}

/// <summary>
/// The least price at which a lead is covered by rows inserted (each covers as much as a row can weigh), removed from
/// the winner (each covers its weight) and relabelled (twice its weight for the winner's, once for another's).
/// </summary>
internal sealed class KernelCover
{
    private readonly long? _insert;
    private readonly long? _remove;
    private readonly long? _flip;
    private readonly double _inserted;
    private readonly double[] _own; // The largest 0, 1, … weights of the winner's rows together, an upper bound.
    private readonly double[] _others; // Those of third classes.
    private readonly double _mostForPrice;
    private long _least;

    public KernelCover(KernelWeights weights, ClassLabels labels, int winner, int rival, RowAdversary adversary)
    {
        (_insert, _remove, _flip, _inserted) = (adversary.InsertPrice, adversary.RemovePrice, adversary.FlipPrice, weights.Inserted);

        // What an insertion covers at no higher a price is not worth looking at: no row weighs more.
        if (_insert <= _remove)
            _remove = null;
        bool flipsOwn = _flip is not null && !(2 * _insert <= _flip) && !(adversary.RemovePrice + _insert <= _flip);
        bool flipsOthers = _flip is not null && !(_insert <= _flip);
        if (!flipsOwn && !flipsOthers)
            _flip = null;
        _own = _remove is null && !flipsOwn ? [0] : Prefixes(weights.Upper, labels, c => c == winner);
        _others = flipsOthers ? Prefixes(weights.Upper, labels, c => c != winner && c != rival) : [0];
        _mostForPrice = new[]
        {
            _insert is { } insert ? _inserted / insert : 0,
            _remove is { } remove ? _own.ElementAtOrDefault(1) / remove : 0,
            _flip is { } flip ? Math.Max(2 * _own.ElementAtOrDefault(1), _others.ElementAtOrDefault(1)) / flip : 0,
        }.Max() * (1 + 4 * Rounding.Epsilon);
    }

    /// <summary>The least price; null where nothing covers the lead.</summary>
    public long? LeastPrice(double lead)
    {
        _least = long.MaxValue;
        int mostFlips = _flip is null ? 0 : _own.Length - 1;
        for (int flipped = 0; flipped <= mostFlips; flipped++)
        {
            long price = flipped * (_flip ?? 0);
            double left = lead - 2 * _own[flipped];
            if (IsTooDear(price, left))
                break;
            Remove(flipped, price, lead);
        }

        return _least == long.MaxValue ? null : _least;
    }

    /// <summary>Of the winner's rows the heaviest are relabelled, the next are removed.</summary>
    private void Remove(int flipped, long paid, double lead)
    {
        int mostRemoved = _remove is null ? 0 : _own.Length - 1 - flipped;
        for (int removed = 0; removed <= mostRemoved; removed++)
        {
            long price = paid + removed * (_remove ?? 0);
            double left = lead - _own[flipped] - _own[flipped + removed];
            if (IsTooDear(price, left))
                break;
            Relabel(price, left);
        }
    }

    private void Relabel(long paid, double lead)
    {
        for (int relabelled = 0; relabelled < _others.Length; relabelled++)
        {
            long price = paid + relabelled * (_flip ?? 0);
            double left = lead - _others[relabelled];
            if (IsTooDear(price, left))
                break;
            if (left <= 0)
                _least = Math.Min(_least, price);
            else if (_insert is { } insert && Math.Ceiling(left / _inserted * (1 - 4 * Rounding.Epsilon)) is var rows and < 1e15)
                _least = Math.Min(_least, price + insert * Math.Max(1, (long)rows));
        }
    }

    /// <summary>Whether what is left to cover costs too much even at the best price there is.</summary>
    private bool IsTooDear(long price, double left) =>
        price >= _least || (left > 0 && price + Math.Ceiling(left / _mostForPrice * (1 - 1e-12)) >= _least);

    private static double[] Prefixes(double[] weights, ClassLabels labels, Func<int, bool> isWanted)
    {
        double[] chosen = [.. weights.Where((_, row) => isWanted(labels[row])).OrderDescending()];
        double[] sums = new double[chosen.Length + 1];
        for (int i = 0; i < chosen.Length; i++)
            sums[i + 1] = (sums[i] + chosen[i]) * (1 + Rounding.Epsilon);
        return sums;
    }
}
