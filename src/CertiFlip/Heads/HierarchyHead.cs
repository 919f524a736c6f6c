using System.Buffers;
using System.Globalization;
using CertiFlip.Kernels;

namespace CertiFlip.Heads;

/// <summary>
/// A vote of coarse and fine clusters. Features come in order of importance, as principal components and spectral
/// features do, so the first few of them tell large clusters apart and all of them small ones: each level says of every
/// training row whether it is like the test row, and the weight is 1/n where most levels say so, −1/n where most say
/// that it is not, 0 where as many say the one as the other.
/// </summary>
/// <remarks>
/// <para>
/// A level of q features is ridge regression on the first q alone: row j is like the test row where its similarity sⱼ
/// = n·xⱼᵀ(XᵀX + λI)⁻¹x is more than half-way from −κ, that of unlike rows, to ℓ, that of a row at the test row's own
/// place, or (K − 1)κ where that is less (<see cref="SaturatedRidgeHead"/> derives both). All levels have one λ.
/// </para>
/// <para>
/// Where the fine levels disagree about a row, the coarse ones decide whether it may vote for its label or votes
/// against it. All that is ±1/n costs an adversary the same, and a coarse cluster has more rows than a fine one: radii
/// are nearly those of the coarse level, and fine ones correct it where they agree.
/// </para>
/// <para>
/// A level by which the test row is like no other says nothing. Where none says anything, each label counts 1/n.
/// Weights do not sum to 1, so two classes are decided as more are: the larger score wins (<see
/// cref="TwoClassRule.LargestScore"/>). A flip moves the margin of two classes by 2/n at most, so a margin of M/n
/// survives any ⌈M/2⌉ − 1 flips.
/// </para>
/// <para>
/// What weights lack of ridge's constant is b − Σα of <see cref="ReweightedRidgeHead"/> with the products of the finest
/// level. Where the shares of the classes are stated, scores rise by it, and weights stay ±1/n or 0.
/// </para>
/// </remarks>
public sealed class HierarchyHead : ReweightedRidgeHead, ILiftingHead
{
    private readonly Lazy<RidgeErrors[]> _errors;

    internal HierarchyHead(RidgeHead ridge, int classes, HierarchyLevels? levels, KernelSet kernels)
        : base(ridge, kernels)
    {
        (Classes, Levels) = (classes, levels ?? HierarchyLevels.Doubling(classes, Features));
        _errors = new Lazy<RidgeErrors[]>(() => [.. Levels.Select(ridge.ErrorsOf)]);
        if (Levels[^1] > Features)
            throw new HeadException($"The hierarchy has a level of the first {Levels[^1]} features, but there are {Features}.");
    }

    /// <summary>K, the number of classes that a coarse level tells apart.</summary>
    public int Classes { get; }

    /// <summary>How many of the first features each level has, from coarse to fine.</summary>
    public HierarchyLevels Levels { get; }

    /// <summary>Factorises XᵀX + λI of the centred features.</summary>
    /// <param name="features">Training features (n × k), n at least 1, the most important first.</param>
    /// <param name="classes">
    /// K, the number of classes, at least 2. It must be known without looking at the labels.
    /// </param>
    /// <param name="rule">How λ is chosen; relative to the mean eigenvalue, with factor 1, if not given.</param>
    /// <param name="levels">
    /// How many of the first features each level has, at most k; <see cref="HierarchyLevels.Doubling"/> if not given.
    /// </param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two classes.</exception>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, the rule does not apply to these features, or a
    /// level has more features than there are.
    /// </exception>
    public static HierarchyHead Fit(
        FeatureMatrix features, int classes, RidgeRule? rule = null, HierarchyLevels? levels = null, ParallelOptions? parallel = null) =>
        Fit(features, classes, rule ?? new RelativeRidge(), levels, parallel ?? new ParallelOptions(), KernelSet.Best);

    internal static HierarchyHead Fit(
        FeatureMatrix features, int classes, RidgeRule rule, HierarchyLevels? levels, ParallelOptions parallel, KernelSet kernels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return new(RidgeHead.FitCentred(features, rule, parallel, kernels), classes, levels, kernels);
    }

    /// <inheritdoc/>
    public override void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride) =>
        ComputeWeights(tests, firstRow, rowCount, weights, stride, lifts: []);

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> lifts)
    {
        var own = new Leverage[rowCount];
        bool[] isDecided = new bool[rowCount];
        double[] products = StartVotes(rowCount, weights, stride);
        foreach (int level in Levels)
        {
            Ridge.ComputeProducts(tests, firstRow, products, stride, own, level);
            for (int row = 0; row < rowCount; row++)
            {
                ReadOnlySpan<double> similar = products.AsSpan(row * stride, TrainingRows);
                isDecided[row] |= AddVotes(similar, Middle(own[row], TrainingRows), weights[(row * stride)..]);
            }
        }

        EndVotes(products, isDecided, weights, stride, TrainingRows, lifts);
    }

    /// <inheritdoc/>
    public override void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors) =>
        ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride, errors, lifts: []);

    /// <inheritdoc/>
    /// <remarks>
    /// In closed form at each level (<see cref="LeftOut"/>). Where rounding can decide on which side of the middle a
    /// row is, nothing is known; elsewhere weights are exactly those of the head that is fitted to the other rows with
    /// this λ, and the error is that of the lift, where it is asked for.
    /// </remarks>
    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors, Span<double> lifts)
    {
        var own = new Leverage[rowCount];
        bool[] isDecided = new bool[rowCount];
        double[] all = StartVotes(rowCount, weights, stride);
        errors[..rowCount].Clear();
        for (int level = 0; level < Levels.Count; level++)
        {
            if (_errors.Value[level].AreRowsEqual)
                continue; // It says nothing of any row, nor does it without one.
            Ridge.ComputeProducts(training, firstRow, all, stride, own, Levels[level]);
            for (int row = 0; row < rowCount; row++)
            {
                Span<double> products = all.AsSpan(row * stride, TrainingRows);
                LeftOut left = LeftOut.Of(products, own[row], firstRow + row, _errors.Value[level]);
                products[firstRow + row] = double.NaN; // On neither side of anything.
                double? middle = Middle(left.Own, TrainingRows - 1);
                if (!IsCertain(products, left, middle))
                    errors[row] = double.PositiveInfinity;
                else if (!lifts.IsEmpty && level == Levels.Count - 1)
                    errors[row] += ErrorOfLift(products, left, firstRow + row);
                isDecided[row] |= AddVotes(products, middle, weights[(row * stride)..]);
            }
        }

        EndVotes(all, isDecided, weights, stride, TrainingRows - 1, lifts, firstRow);
    }

    private double[] StartVotes(int rowCount, Span<double> weights, int stride)
    {
        Tile.HoldRoom(weights, TrainingRows, Tile.PadHeight(rowCount), stride);
        for (int row = 0; row < rowCount; row++)
            weights.Slice(row * stride, TrainingRows).Clear();
        return ArrayPool<double>.Shared.Rent(checked(Tile.PadHeight(rowCount) * stride));
    }

    /// <summary>Adds what a level says of each training row: 1 if it is like the test row, −1 if not.</summary>
    /// <returns>Whether it says anything.</returns>
    private static bool AddVotes(ReadOnlySpan<double> products, double? middle, Span<double> votes)
    {
        if (middle is not { } least)
            return false;
        if (double.IsFinite(least))
            Elementwise.AddSides(products, least, votes);
        else
            votes[..products.Length].Fill(double.NaN); // Too far away for any weights: whoever asked says which row it is.
        return true;
    }

    /// <summary>
    /// Turns votes into weights, and products of the finest level into lifts where these are asked for.
    /// </summary>
    private void EndVotes(
        double[] products, bool[] isDecided, Span<double> weights, int stride, int rows, Span<double> lifts, int? firstLeft = null)
    {
        for (int row = 0; row < isDecided.Length; row++)
        {
            Span<double> votes = weights.Slice(row * stride, TrainingRows), similar = products.AsSpan(row * stride, TrainingRows);
            bool isFar = double.IsNaN(votes[0]);
            if (!isDecided[row])
                votes.Fill(1.0 / rows); // No row tells anything of this one, and all count alike.
            else if (!isFar)
                Elementwise.SetSigns(votes, 1.0 / rows);
            if (firstLeft + row is { } left)
                votes[left] = similar[left] = 0;
            if (!lifts.IsEmpty)
                lifts[row] = isDecided[row] && !isFar ? Lacking(votes, similar) ?? 0 : 0;
        }

        ArrayPool<double>.Shared.Return(products);
    }

    /// <summary>
    /// What rounding of the finest level's products can do to b − Σα of the others, whose weights are exact.
    /// </summary>
    private double ErrorOfLift(Span<double> products, LeftOut left, int row)
    {
        products[row] = 0;
        double error = ErrorOfLack(0, products, left.OfProducts, Elementwise.SumOfMagnitudes(products), TrainingRows - 1);
        products[row] = double.NaN;
        return error;
    }

    /// <summary>
    /// Half-way between like and unlike rows, of products xⱼᵀ(XᵀX + λI)⁻¹x; null where what is left of the test row is
    /// rounding.
    /// </summary>
    private double? Middle(Leverage own, int rows)
    {
        double like = rows * own.Product, unlike = own.Kept;
        if (!double.IsFinite(like))
            return double.NaN;
        return unlike > NoSimilarity ? (Math.Min(like, (Classes - 1) * unlike) - unlike) / 2 / rows : null;
    }

    /// <summary>
    /// Whether every row is on the same side of the middle for the head that is really fitted to the others. The middle
    /// is off by no more than half of what ℓ and κ are.
    /// </summary>
    private bool IsCertain(ReadOnlySpan<double> products, LeftOut left, double? middle)
    {
        double rows = TrainingRows - 1, size = rows * left.Own.Product + Classes;
        double ofMiddle = (rows * left.OfOwn + Classes * left.OfKept + 8 * Rounding.Epsilon * size) / rows;
        double margin = 2 * (left.OfProducts + ofMiddle);
        return left.IsLike(NoSimilarity) && middle is { } m
            && Elementwise.SumAbove(products, m - margin).Count == Elementwise.SumAbove(products, m + margin).Count;
    }
}

/// <summary>
/// The choice of a <see cref="HierarchyHead"/>, <c>hierarchy:K</c> for K classes, or <c>hierarchy</c>, as
/// <c>hierarchy:classes</c>, for as many as are stated.
/// </summary>
public sealed record HierarchyHeadChoice() : ClusterHeadChoice<HierarchyHead>("hierarchy")
{
    private const string StoredLevels = "levels";

    /// <inheritdoc/>
    public override string Name => "hierarchy";

    /// <inheritdoc/>
    public override string Description => "a vote of coarse and fine clusters for K classes, as many as are stated if K is not given";

    /// <inheritdoc/>
    public override bool Lifts => true;

    private protected override string Words => "hierarchy of ridge";

    private protected override string Settings => SettingsWith(Levels);

    private protected override string SettingsOf(HierarchyHead fitted) => SettingsWith(fitted.Levels);

    /// <summary>K, the number of classes; null where it is that of the stated list.</summary>
    public int? Classes { get; private init; }

    /// <summary>
    /// How many of the first features each level has; null, the default, for K − 1, twice as many and so on, and all.
    /// </summary>
    public HierarchyLevels? Levels { get; init; }

    /// <inheritdoc/>
    public override bool NeedsClasses => Classes is null;

    /// <inheritdoc/>
    public override HeadChoice? WithOption(string name, string value)
    {
        if (name != "levels")
            return base.WithOption(name, value);
        return HierarchyLevels.TryParse(value) is { } levels ? this with { Levels = levels } : null;
    }

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) =>
        base.Values(fitted) with { Levels = fitted is null ? Levels : Own<HierarchyHead>(fitted).Levels };

    /// <inheritdoc/>
    public override HierarchyHeadChoice WithStoredOptions(ModelArrays arrays)
    {
        var choice = (HierarchyHeadChoice)base.WithStoredOptions(arrays);
        if (!arrays.All.ContainsKey(StoredLevels))
            return choice;
        return choice with { Levels = new HierarchyLevels(arrays.Integers(StoredLevels)) };
    }

    private protected override HierarchyHead Weigh(RidgeHead ridge) => Classes is { } classes
        ? new HierarchyHead(ridge, classes, Levels, KernelSet.Best)
        : throw UnknownCount;

    private string SettingsWith(HierarchyLevels? levels) => string.Create(
        CultureInfo.InvariantCulture, $"levels {levels?.ToString() ?? "auto"}{(Classes is { } classes ? $" for {classes} classes" : "")}");

    private protected override HierarchyHeadChoice WithCount(int classes) => this with { Classes = classes };

    private protected override void StoreOptions(ModelArrays arrays)
    {
        if (Levels is not null)
            arrays.Add(StoredLevels, [.. Levels]);
    }
}
