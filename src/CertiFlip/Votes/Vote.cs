using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CertiFlip.Kernels;

namespace CertiFlip.Votes;

/// <summary>
/// One test row as certificates see it: label weights α and training labels y. The score of a class is the sum of αⱼ
/// over the rows labelled with it. Nothing else of the head or of the features is known here.
/// </summary>
/// <remarks>
/// <para>
/// With three classes or more the largest score wins, ties go to the smaller class (20). With two, class 1 wins where
/// its score reaches a threshold τ, the paper's rule; or two classes are treated as more are
/// (<see cref="TwoClassRule"/>).
/// </para>
/// <para>
/// Everything is read off the margins of pairs, half the difference of two scores: ½(S_c − S_d) + offset. The offset is
/// 0, except that for two classes with a threshold ±(½Σα − τ) makes the margin of class 1 equal to αᵀy − τ. One code
/// path then serves any number of classes.
/// </para>
/// <para>
/// With a stated prior (<see cref="ClassList.Prior"/>) the score of class c counts as S_c − π_c, so the offset is
/// ½(π_d − π_c); with a threshold, τ is π₁. With stated shares (<see cref="ClassList.Shares"/>) it counts as S_c +
/// share_c·lift, with a lift for each test row: π_c is then −share_c·lift, rounded once.
/// </para>
/// <para>
/// Scores are meant exactly, as sums of the stored doubles. Wherever rounding could decide a comparison, it is repeated
/// without rounding. A vote keeps what several certificates need, so one instance must not be used from two threads at
/// once.
/// </para>
/// </remarks>
public sealed class Vote
{
    /// <summary>The threshold of labels coded {0, 1}: the paper's ½.</summary>
    public const double PaperThreshold = 0.5;

    private readonly double[] _prior;
    private readonly double[] _byClass;
    private readonly WeightSums[] _sums;
    private readonly PowerSums[] _powers;
    private readonly List<MomentSeries> _series = [];
    private readonly PairMoves _moves;
    private readonly PairMoves _movesAgainstAll;
    private ReadOnlyMemory<double> _weights;
    private bool _hasPowers;

    /// <summary>A vote of n labels.</summary>
    /// <param name="weights">The n label weights α of one test row, all finite. Not copied.</param>
    /// <param name="labels">The n training labels.</param>
    /// <param name="threshold">
    /// With two classes, τ: class 1 wins where its score is at least this. With more classes it has no meaning, and a
    /// stated prior takes its place.
    /// </param>
    /// <param name="adversary">What may be done to the labels; anything if not given.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, the adversary's limits are for other labels, a number is not finite, the weights are so
    /// large that the sum of their magnitudes overflows, or there are a threshold and a prior.
    /// </exception>
    public Vote(ReadOnlyMemory<double> weights, ClassLabels labels, double threshold = PaperThreshold, LabelFlipAdversary? adversary = null)
        : this(labels, TwoClassRule.Half, KernelSet.Best, new AllowedFlips(labels, adversary ?? LabelFlipAdversary.Unlimited))
    {
        if (!double.IsFinite(threshold))
            throw new ArgumentException($"The threshold is {threshold}, but it must be finite.", nameof(threshold));
        if (_prior.Length > 0 && threshold != PaperThreshold)
            throw new ArgumentException("The stated prior is the threshold: there can be no other.", nameof(threshold));
        if (_prior.Length == 0)
            Threshold = threshold;
        Load(weights);
    }

    /// <summary>A vote of n labels by a rule for two classes.</summary>
    /// <param name="weights">The n label weights α of one test row, all finite. Not copied.</param>
    /// <param name="labels">The n training labels.</param>
    /// <param name="rule">How two classes are decided. With more it has no meaning.</param>
    /// <param name="adversary">What may be done to the labels; anything if not given.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, or a number is not finite, or the weights are so large that the sum of their magnitudes
    /// overflows.
    /// </exception>
    public Vote(ReadOnlyMemory<double> weights, ClassLabels labels, TwoClassRule rule, LabelFlipAdversary? adversary = null)
        : this(labels, rule, KernelSet.Best, new AllowedFlips(labels, adversary ?? LabelFlipAdversary.Unlimited)) => Load(weights);

    /// <summary>A vote without weights yet, to be used for many test rows by <see cref="Load"/>.</summary>
    internal Vote(ClassLabels labels, TwoClassRule rule, KernelSet kernels, AllowedFlips allowed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        (Labels, Kernels, Allowed) = (labels, kernels, allowed);
        HasThreshold = labels.ClassCount == 2 && rule == TwoClassRule.Half;
        _prior = [.. HasShares ? labels.Classes.Shares : labels.Classes.Prior];
        if (HasThreshold && HasShares)
            throw new ArgumentException("Shares of classes have no meaning where class 1 competes with a threshold.", nameof(labels));
        Threshold = HasThreshold && _prior.Length > 0 ? _prior[1] : PaperThreshold;
        _byClass = new double[labels.Count];
        _sums = new WeightSums[labels.ClassCount];
        _powers = [.. Enumerable.Range(0, labels.ClassCount).Select(_ => new PowerSums())];
        (_moves, _movesAgainstAll) = (new PairMoves(this), new PairMoves(this));
    }

    /// <summary>The label weights α (length n), eq. (12).</summary>
    public ReadOnlySpan<double> Weights => _weights.Span;

    /// <summary>The training labels y (length n).</summary>
    public ClassLabels Labels { get; }

    /// <summary>Whether class 1 of two competes with a threshold, not with the score of class 0.</summary>
    internal bool HasThreshold { get; }

    /// <summary>
    /// τ: with two classes, class 1 wins where its score is at least this. Without meaning where the largest score
    /// wins.
    /// </summary>
    public double Threshold { get; }

    /// <summary>The head's own class without smoothing, decided without rounding.</summary>
    public int HeadPrediction
    {
        get
        {
            int winner = 0;
            for (int rival = 1; rival < Labels.ClassCount; rival++)
            {
                if (!IsKept(new Pair(winner, rival), SignOfMargin(new Pair(winner, rival))))
                    winner = rival;
            }

            return winner;
        }
    }

    /// <summary>What an adversary may do to the labels.</summary>
    internal AllowedFlips Allowed { get; }

    /// <summary>Whether scores are lifted by stated shares: <see cref="Load"/> then needs a lift.</summary>
    private bool HasShares => Labels.Classes.Shares.Count > 0;

    /// <summary>What the scores of classes rise by with their shares; null where none are stated.</summary>
    internal double? Lift { get; private set; }

    /// <summary>Whether scores are compared with anything but each other.</summary>
    internal bool HasPrior => _prior.Length > 0;

    /// <summary>
    /// How far any margin, after any flips, may be from that of the weights that are meant: a bound on Σⱼ|error of αⱼ|.
    /// 0 where the weights themselves are meant.
    /// </summary>
    internal double Doubt
    {
        get;
        set => field = double.IsNaN(value) ? double.PositiveInfinity : value;
    }

    /// <summary>The kernels to use.</summary>
    internal KernelSet Kernels { get; }

    /// <summary>Sums over all rows.</summary>
    internal WeightSums Sums { get; private set; }

    /// <summary>
    /// The power of two by which weights were multiplied before they were squared for <see cref="WeightSums.Squares"/>.
    /// </summary>
    internal double SquareScale { get; private set; }

    /// <summary>√(Σα²/n).</summary>
    internal double RootMeanSquare => Math.Sqrt(Sums.Squares / Labels.Count) / SquareScale;

    /// <summary>Bounds the rounding error of <see cref="Margin"/>.</summary>
    internal double MarginRounding =>
        Rounding.OfBlockedSum(Weights.Length, Labels.ClassCount) * Sums.Magnitude
        + 2 * Rounding.Epsilon * Math.Max(Math.Abs(Threshold), Lift is { } lift ? Math.Abs(lift) : HasPrior ? 1 : 0)
        + 4 * Weights.Length * double.Epsilon; // Halves of subnormal numbers round absolutely.

    /// <summary>Replaces the label weights by those of another test row, not in doubt.</summary>
    /// <param name="weights">The n label weights.</param>
    /// <param name="lift">The row's lift, where classes have stated shares; there is none elsewhere.</param>
    /// <exception cref="ArgumentException">There is no lift where one is needed, or it or weights overflow.</exception>
    internal void Load(ReadOnlyMemory<double> weights, double? lift = null)
    {
        if (HasShares != lift.HasValue)
            throw new ArgumentException("Stated shares of classes need the lift of a head, and nothing else does.", nameof(lift));
        if (lift is { } given)
            LiftBy(given);
        if (weights.Length != Labels.Count)
            throw new ArgumentException($"There are {weights.Length} label weights, but {Labels.Count} labels.", nameof(weights));
        (_weights, Doubt, _hasPowers) = (weights, 0, false);
        Scatter(weights.Span, Labels.PlacesByClass, _byClass);
        SumWeights(scale: 1);
        if (!double.IsFinite(Sums.Magnitude))
            throw new ArgumentException("Label weights must be finite, and so must the sum of their magnitudes.", nameof(weights));
        if (Sums.Squares is < 1e-200 or > 1e200 && Sums.Magnitude > 0)
            SumWeights(Math.ScaleB(1, -Math.Clamp(Math.ILogB(Sums.Magnitude), -1000, 1000)));
        _moves.Forget();
        _movesAgainstAll.Forget();
    }

    /// <summary>The same vote with a copy of its weights, to be kept.</summary>
    internal Vote WithOwnWeights()
    {
        var copy = new Vote(Labels, HasThreshold ? TwoClassRule.Half : TwoClassRule.LargestScore, Kernels, Allowed);
        copy.Load(Weights.ToArray(), Lift);
        return copy;
    }

    /// <summary>Sums over the rows of one class.</summary>
    internal WeightSums SumsOf(int c) => _sums[c];

    /// <summary>The label weights of one class, in the order of <see cref="ClassLabels.RowsByClass"/>.</summary>
    internal ReadOnlySpan<double> WeightsOf(int c) => _byClass.AsSpan(Labels.RangeOf(c));

    /// <summary>The same as they are stored: another row's as soon as there is one.</summary>
    internal ReadOnlyMemory<double> StoredWeightsOf(int c) => _byClass.AsMemory(Labels.RangeOf(c));

    /// <summary>The constant part of a pair's margin.</summary>
    internal double Offset(Pair pair) => HasThreshold
        ? Orientation(pair) * (0.5 * Sums.Total - Threshold)
        : 0.5 * (PriorOf(pair.Rival) - PriorOf(pair.Winner));

    /// <summary>
    /// The same less the doubt about the weights: at every labelling, what the noise makes of the margin that is meant
    /// is at least what it makes of the margin with this constant.
    /// </summary>
    internal double CertainOffset(Pair pair) => Offset(pair) - Doubt;

    /// <summary>
    /// What a class's score is compared with, π_c; 0 without a prior, and where there is a threshold.
    /// </summary>
    internal double PriorOf(int c) => HasThreshold || !HasPrior ? 0 : _prior[c];

    /// <summary>The head's margin of one class over another, as computed.</summary>
    internal double Margin(Pair pair) => 0.5 * _sums[pair.Winner].Total - 0.5 * _sums[pair.Rival].Total + Offset(pair);

    /// <summary>
    /// By how much the head is for each class: with two, the margin of class 1, twice; with more, each score less its
    /// prior.
    /// </summary>
    /// <param name="decisions">Receives one number, or K.</param>
    internal void Decide(Span<double> decisions)
    {
        if (Labels.ClassCount == 2)
            decisions[0] = 2 * Margin(new Pair(1, 0));
        else
        {
            for (int c = 0; c < decisions.Length; c++)
                decisions[c] = _sums[c].Total - PriorOf(c);
        }
    }

    /// <summary>
    /// Whether the winner stays the winner at a margin of this sign: on a tie class 1 of two with a threshold, else the
    /// smaller class.
    /// </summary>
    internal bool IsKept(Pair pair, int signOfMargin) =>
        signOfMargin > 0 || (signOfMargin == 0 && (HasThreshold ? pair.Winner == 1 : pair.Winner < pair.Rival));

    /// <summary>The sign of a pair's margin, without rounding.</summary>
    internal int SignOfMargin(Pair pair)
    {
        double margin = Margin(pair);
        return Math.Abs(margin) > MarginRounding ? Math.Sign(margin) : ExactDoubledMargin(pair).Sign();
    }

    /// <summary>Twice a pair's margin, without rounding.</summary>
    internal ExactSum ExactDoubledMargin(Pair pair)
    {
        var sum = new ExactSum();
        int orientation = Orientation(pair);
        if (HasThreshold)
        {
            // αᵀy − τ, twice, for class 1, and its negative for class 0.
            AddScore(sum, 1, 2 * orientation);
            sum.Add(Threshold, -2 * orientation);
        }
        else
        {
            AddScore(sum, pair.Winner, 1);
            AddScore(sum, pair.Rival, -1);
            AddPrior(sum, pair);
        }

        return sum;
    }

    /// <summary>
    /// Whether no labelling of the training rows whatever changes the head's class, and so nor the smoothed one.
    /// </summary>
    internal bool IsUnanimous(out int prediction)
    {
        prediction = 0;
        if (!HasThreshold)
        {
            if (!HasPrior)
                return Sums.Magnitude == 0 && Doubt == 0; // Every score is 0, and class 0 wins the tie.
            int least = Enumerable.Range(0, Labels.ClassCount).MinBy(PriorOf);
            prediction = least;
            return Enumerable.Range(0, Labels.ClassCount).All(rival => rival == least || SurvivesAll(new Pair(least, rival)));
        }

        bool always1 = SignOfExtremeScore(negative: true) >= 0;
        bool always0 = SignOfExtremeScore(negative: false) < 0;
        prediction = always1 ? 1 : 0;
        return always1 || always0;
    }

    /// <summary>The moves by which an adversary brings a rival past the winner.</summary>
    internal PairMoves MovesFor(Pair pair) => _moves.Load(pair.Winner, pair.Rival);

    /// <summary>Moves at least as large as those that any rival has, rank by rank.</summary>
    internal PairMoves MovesAgainst(int winner) => _movesAgainstAll.Load(winner, PairMoves.AnyRival);

    /// <summary>
    /// The same by a series, if that can converge: for any t one pass over all weights, no more, is needed.
    /// </summary>
    internal SeriesSums? TrySeries(int c, double t, RoleProbabilities role)
    {
        // Fewer rows are summed in no time. In the smallest probabilities cancellation would show.
        const int FewRows = 512;
        const double LargestMean = 0.3, SmallProbability = 1e-6;
        double rootMeanSquare = RootMeanSquare;
        if (Labels.Count < FewRows || !(0.5 * t * rootMeanSquare < LargestMean) || rootMeanSquare == 0
            || Math.Min(role.For, role.Against) < SmallProbability)
            return null;
        if (!_hasPowers)
        {
            double scale = Math.ScaleB(1, -Math.Clamp(Math.ILogB(rootMeanSquare), -1000, 1000));
            for (int other = 0; other < _powers.Length; other++)
                _powers[other].Load(Kernels, WeightsOf(other), scale);
            _hasPowers = true;
        }

        foreach (MomentSeries series in _series)
        {
            if (series.Role == role)
                return series.At(_powers[c], 0.5 * t);
        }

        var first = new MomentSeries(role);
        _series.Add(first);
        return first.At(_powers[c], 0.5 * t);
    }

    internal double SumMoments(int c, double t, RoleProbabilities role) => Kernels.SumMoments(WeightsOf(c), 0.5 * t, role);

    internal (double First, double Second) SumTwoMoments(int c, double t, RoleProbabilities first, RoleProbabilities second) =>
        Kernels.SumTwoMoments(WeightsOf(c), 0.5 * t, first, second);

    internal TiltSums SumTilt(int c, double t, RoleProbabilities role) => SumTilt(WeightsOf(c), t, role);

    internal TiltSums SumTilt(ReadOnlySpan<double> weights, double t, RoleProbabilities role) =>
        FitsFloats(t, role) ? Kernels.SumRoughTilt(weights, 0.5 * t, role) : Kernels.SumTilt(weights, 0.5 * t, role);

    /// <summary>Whether weights, t and probabilities are in the range of floats, with room for squares.</summary>
    private bool FitsFloats(double t, RoleProbabilities role)
    {
        const double Small = 1e-15, Large = 1e15;
        return RootMeanSquare is > Small and < Large && t is > Small and < Large && Math.Min(role.For, role.Against) > Small;
    }

    private static int Orientation(Pair pair) => pair.Winner == 1 ? 1 : -1;

    /// <summary>
    /// Eight at a time, and without checks of every index: those would take as long as a pass of Newton's method.
    /// Weights are read once, in their order, however many classes there are.
    /// </summary>
    private static void Scatter(ReadOnlySpan<double> source, ReadOnlySpan<int> places, double[] destination)
    {
        Debug.Assert(source.Length == places.Length && destination.Length == places.Length);
        ref double to = ref MemoryMarshal.GetArrayDataReference(destination);
        int whole = places.Length - places.Length % 8;
        for (int i = 0; i < whole; i += 8)
        {
            ref double from = ref Unsafe.Add(ref MemoryMarshal.GetReference(source), i);
            ref int place = ref Unsafe.Add(ref MemoryMarshal.GetReference(places), i);
            Unsafe.Add(ref to, place) = from;
            Unsafe.Add(ref to, Unsafe.Add(ref place, 1)) = Unsafe.Add(ref from, 1);
            Unsafe.Add(ref to, Unsafe.Add(ref place, 2)) = Unsafe.Add(ref from, 2);
            Unsafe.Add(ref to, Unsafe.Add(ref place, 3)) = Unsafe.Add(ref from, 3);
            Unsafe.Add(ref to, Unsafe.Add(ref place, 4)) = Unsafe.Add(ref from, 4);
            Unsafe.Add(ref to, Unsafe.Add(ref place, 5)) = Unsafe.Add(ref from, 5);
            Unsafe.Add(ref to, Unsafe.Add(ref place, 6)) = Unsafe.Add(ref from, 6);
            Unsafe.Add(ref to, Unsafe.Add(ref place, 7)) = Unsafe.Add(ref from, 7);
        }

        for (int i = whole; i < places.Length; i++)
            destination[places[i]] = source[i];
    }

    private void LiftBy(double lift)
    {
        if (!double.IsFinite(lift))
            throw new ArgumentException("A lift must be finite.", nameof(lift));
        Lift = lift;
        for (int c = 0; c < _prior.Length; c++)
            _prior[c] = -(Labels.Classes.Shares[c] * lift);
    }

    private void SumWeights(double scale)
    {
        Sums = default;
        for (int c = 0; c < _sums.Length; c++)
        {
            _sums[c] = Kernels.SumWeights(WeightsOf(c), scale);
            Sums += _sums[c];
        }

        SquareScale = scale;
    }

    /// <summary>Whether a pair's winner stays the winner under every labelling, by its prior alone.</summary>
    private bool SurvivesAll(Pair pair)
    {
        double leastMargin = CertainOffset(pair) - 0.5 * Sums.Magnitude;
        if (Math.Abs(leastMargin) > MarginRounding + (double.IsFinite(Doubt) ? Rounding.Epsilon * Doubt : 0))
            return leastMargin > 0;
        var sum = new ExactSum();
        AddPrior(sum, pair);
        sum.Add(Doubt, -2);
        foreach (double weight in Weights)
            sum.Add(Math.Abs(weight), -1);
        return IsKept(pair, sum.Sign());
    }

    /// <summary>Adds what a prior makes of twice a pair's margin.</summary>
    private void AddPrior(ExactSum sum, Pair pair)
    {
        sum.Add(PriorOf(pair.Rival));
        sum.Add(PriorOf(pair.Winner), -1);
    }

    private void AddScore(ExactSum sum, int c, int multiple) => sum.AddAll(WeightsOf(c), multiple);

    /// <summary>
    /// The sign of class 1's least score (all negative weights) or largest score (all positive ones), less τ, with what
    /// is in doubt about it taken away or added.
    /// </summary>
    private int SignOfExtremeScore(bool negative)
    {
        double extreme = 0.5 * Sums.Total + (negative ? -0.5 : 0.5) * Sums.Magnitude - Threshold + (negative ? -Doubt : Doubt);
        if (Math.Abs(extreme) > MarginRounding + (double.IsFinite(Doubt) ? Rounding.Epsilon * Doubt : 0))
            return Math.Sign(extreme);
        var sum = new ExactSum();
        sum.Add(Threshold, -1);
        sum.Add(Doubt, negative ? -1 : 1);
        foreach (double weight in Weights)
        {
            if (weight < 0 == negative)
                sum.Add(weight);
        }

        return sum.Sign();
    }
}
