using System.Buffers;
using System.Globalization;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// Regularised least squares, the paper's head: α = X(XᵀX + λI)⁻¹h(x)ᵀ (12), with an unregularised intercept unless it
/// is switched off.
/// </summary>
public sealed class RidgeHead : ILeaveOneOutHead
{
    private const double Huge = 1e300;

    // Doubles. Packed rows of a larger matrix are not kept: they would be its copy.
    private const long MostPacked = 1 << 23;

    // Of 1 − Hᵢᵢ. What is nearer to 0 has lost its digits to the rounding of Hᵢᵢ.
    private const double LeastShareOfOthers = 1e-9;

    private readonly Cholesky? _factor;
    private readonly KernelSet _kernels;
    private readonly Intercept _intercept;
    private readonly double _interceptWeight;
    private readonly IScaledRows _rows;
    private readonly Lazy<PackedRows> _packed;
    private readonly Lazy<RidgeErrors> _errors;

    private RidgeHead(
        FeatureMatrix features,
        RidgeRule rule,
        double lambda,
        ColumnScaling scaling,
        IScaledRows rows,
        Cholesky? factor,
        KernelSet kernels,
        Intercept intercept)
    {
        (TrainingRows, Features) = (features.Rows, features.Columns);
        (Rule, Lambda, Scaling, _rows, _factor, _kernels, _intercept) = (rule, lambda, scaling, rows, factor, kernels, intercept);
        _interceptWeight = intercept == Intercept.Fitted ? 1.0 / features.Rows : 0;
        _packed = new Lazy<PackedRows>(() => rows as PackedRows ?? PackedRows.Of(features, scaling, new ParallelOptions()));
        ErrorsOf = first =>
        {
            double[] penalties = [.. Enumerable.Range(0, first).Select(column => PenaltyOf(scaling, column, lambda))];
            return new RidgeErrors(features.FirstColumns(first), scaling.First(first), penalties, factor, intercept);
        };
        _errors = new Lazy<RidgeErrors>(() => ErrorsOf(features.Columns));
    }

    /// <summary>The rule that chose λ.</summary>
    public RidgeRule Rule { get; }

    /// <summary>λ, in the units of the features squared.</summary>
    public double Lambda { get; }

    /// <inheritdoc/>
    public int TrainingRows { get; }

    /// <inheritdoc/>
    public int Features { get; }

    /// <inheritdoc/>
    public bool DependsOnLabels => Rule.DependsOnLabels;

    /// <inheritdoc/>
    public TwoClassRule TwoClassRule => TwoClassRule.Half;

    /// <summary>What rounding can do to weights without a row.</summary>
    internal RidgeErrors Errors => _errors.Value;

    /// <summary>
    /// The same of the head on as many of the first features, with the same λ. It looks at all rows each time.
    /// </summary>
    internal Func<int, RidgeErrors> ErrorsOf { get; }

    /// <summary>How features were scaled and centred.</summary>
    internal ColumnScaling Scaling { get; }

    /// <summary>The scaled training rows X; the rows of M (6) where there are fewer of them than features.</summary>
    internal PackedRows Rows => _packed.Value;

    /// <summary>
    /// Factorises XᵀX + λI, which is all there is to fitting: labels come in only as weights are applied to them.
    /// </summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="rule">How λ is chosen; relative to the mean eigenvalue, with factor 1, if not given.</param>
    /// <param name="intercept">Whether the head has an intercept.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, or the rule does not apply to these features.
    /// </exception>
    public static RidgeHead Fit(
        FeatureMatrix features, RidgeRule? rule = null, Intercept intercept = Intercept.Fitted, ParallelOptions? parallel = null) =>
        Fit(features, rule ?? new RelativeRidge(), intercept, parallel ?? new ParallelOptions(), KernelSet.Best);

    internal static RidgeHead Fit(
        FeatureMatrix features, RidgeRule rule, Intercept intercept, ParallelOptions parallel, KernelSet kernels) =>
        Fit(features, rule, intercept, features.Rows < features.Columns ? RidgeSystem.Rows : RidgeSystem.Features, parallel, kernels);

    /// <summary>
    /// A head to weigh rows anew: with an intercept, and a factor of XᵀX + λI even where rows are fewer than features.
    /// </summary>
    internal static RidgeHead FitCentred(FeatureMatrix features, RidgeRule rule, ParallelOptions parallel, KernelSet kernels) =>
        Fit(features, rule, Intercept.Fitted, RidgeSystem.Features, parallel, kernels);

    internal static RidgeHead Fit(
        FeatureMatrix features, RidgeRule rule, Intercept intercept, RidgeSystem system, ParallelOptions parallel, KernelSet kernels)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Rows == 0)
            throw new HeadException("There are no training rows to fit a head to.");

        var scaling = ColumnScaling.Of(features, intercept);
        var gram = new Lazy<GramMatrix>(() => GramMatrix.Of(features, scaling, parallel, kernels));
        double lambda = rule.Lambda(features, scaling, gram, intercept);
        if (!double.IsFinite(lambda))
            throw new HeadException($"λ is {lambda}: the features are too large. Divide them by a constant.");

        if (system == RidgeSystem.Rows && DualRidge.TrySolve(features, scaling, lambda, parallel, kernels) is { } multiplied)
            return new RidgeHead(features, rule, lambda, scaling, multiplied, null, kernels, intercept);

        Cholesky factor = Factorise(gram.Value, scaling, lambda, intercept, kernels, parallel);
        return new RidgeHead(features, rule, lambda, scaling, ScaledRows(features, scaling, parallel), factor, kernels, intercept);
    }

    /// <summary>
    /// What fitting computes, from sums over all training rows alone: to the bit what a head on rows in memory has.
    /// </summary>
    /// <param name="rows">Number of training rows, n, at least k.</param>
    /// <param name="rule">How λ is chosen. It must not need the rows.</param>
    /// <param name="intercept">Whether the head has an intercept.</param>
    /// <param name="sums">The sums.</param>
    /// <exception cref="HeadException">XᵀX + λI is singular to working precision.</exception>
    internal static RidgeHeadState StateOf(int rows, RidgeRule rule, Intercept intercept, BlockFit sums)
    {
        ColumnScaling scaling = sums.Scaling(intercept);
        int k = scaling.Scales.Length;
        var noRows = new FeatureMatrix(rows, k, (_, _) => throw new InvalidOperationException("The rule for λ needs the rows."));
        double lambda = rule.Lambda(noRows, scaling, new Lazy<GramMatrix>(sums.Gram), intercept);
        if (!double.IsFinite(lambda))
            throw new HeadException($"λ is {lambda}: the features are too large. Divide them by a constant.");
        return new RidgeHeadState
        {
            Lambda = lambda,
            Intercept = intercept,
            Scales = scaling.Scales,
            Means = scaling.Means,
            Factor = Factorise(sums.Gram(), scaling, lambda, intercept, KernelSet.Best, parallel: null).UpperTriangle(),
            Multiplied = [],
        };
    }

    /// <summary>The same fit, shared by workers: what is asked of it makes a head of the state.</summary>
    /// <exception cref="NotSupportedException">There are fewer rows than features, or λ needs more.</exception>
    internal static StagedFit<IHead> FitInStages(
        FeatureMatrix features, RidgeChoice ridge, Intercept intercept, Func<RidgeHead, IHead> make, ParallelOptions? parallel)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (ridge.LabelFreeRule is not { } rule)
            throw new NotSupportedException("the paper's λ is computed from labels and from the rows that were left out.");
        if (features.Rows < features.Columns)
        {
            throw new NotSupportedException(
                $"there are fewer training rows ({features.Rows:N0}) than features ({features.Columns:N0}): nothing is gained by blocks "
                    + "of rows.");
        }

        var sums = new BlockFit(features.Rows, features.Columns, ColumnUnit.Own, intercept);
        return new SummedFit<IHead>(
            sums, features, parallel ?? new ParallelOptions(),
            all => make(OfState(features, rule, StateOf(features.Rows, rule, intercept, all))));
    }

    /// <summary>The same for a head on top of ridge regression, which weighs all rows anew from its factor.</summary>
    /// <inheritdoc cref="FromState"/>
    internal static RidgeHead FromCentredState(
        FeatureMatrix features, RidgeRule rule, RidgeHeadState state, ParallelOptions? parallel = null)
    {
        RidgeHead ridge = FromState(features, rule, state, parallel);
        return state.Intercept == Intercept.Fitted && state.Multiplied.Count == 0
            ? ridge
            : throw new ArgumentException("The head needs centred rows, and a factor rather than multiplied rows.", nameof(state));
    }

    /// <summary>A head that was fitted before: its label weights are the same to the bit.</summary>
    /// <param name="features">The training features that it was fitted to (n × k).</param>
    /// <param name="rule">The rule that chose λ.</param>
    /// <param name="state">What <see cref="GetState"/> gave.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentException">The state is not that of a head on n rows of k features.</exception>
    internal static RidgeHead FromState(FeatureMatrix features, RidgeRule rule, RidgeHeadState state, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(state);
        (int n, int k) = (features.Rows, features.Columns);
        state.CheckAgainst(features, rule);
        var scaling = ColumnScaling.Restore(state.Scales, state.Means);
        bool isDual = state.Multiplied.Count > 0;
        IScaledRows rows = isDual
            ? PackedRows.Of(n, k, [.. state.Multiplied], k)
            : ScaledRows(features, scaling, parallel ?? new ParallelOptions());
        Cholesky? factor = isDual ? null : Cholesky.Restore(k, [.. state.Factor]);
        return new RidgeHead(features, rule, state.Lambda, scaling, rows, factor, KernelSet.Best, state.Intercept);
    }

    /// <summary>
    /// A head of a state that was computed from these features (<see cref="StateOf"/>), which are not looked at before
    /// label weights are asked for.
    /// </summary>
    internal static RidgeHead OfState(FeatureMatrix features, RidgeRule rule, RidgeHeadState state)
    {
        var scaling = ColumnScaling.Restore(state.Scales, state.Means);
        var factor = Cholesky.Restore(features.Columns, [.. state.Factor]);
        return new RidgeHead(
            features, rule, state.Lambda, scaling, new StreamedRows(features, scaling), factor, KernelSet.Best, state.Intercept);
    }

    /// <summary>What fitting computed, to make the head again later.</summary>
    internal RidgeHeadState GetState() => new()
    {
        Lambda = Lambda,
        Intercept = _intercept,
        Scales = Scaling.Scales,
        Means = Scaling.Means,
        Factor = _factor?.UpperTriangle() ?? [],
        Multiplied = _factor is null ? Rows.Unpack() : [],
    };

    /// <inheritdoc/>
    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride)
    {
        int columns = Tile.PadHeight(rowCount), length = checked(Features * columns);
        double[] rented = ArrayPool<double>.Shared.Rent(length);
        Span<double> z = rented.AsSpan(0, length);
        Scale(tests, firstRow, rowCount, z);
        Solve(z, columns);

        // αⱼ = 1/n + xⱼᵀz, where z = (XᵀX + λI)⁻¹x.
        _rows.Multiply(_kernels, Features, z, columns, _interceptWeight, weights, stride);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>
    /// Computes xⱼᵀ(XᵀX + λI)⁻¹x, the label weights without the intercept's part, for a head that was fitted by
    /// <see cref="RidgeSystem.Features"/>.
    /// </summary>
    /// <param name="tests">Test rows.</param>
    /// <param name="firstRow">The first row wanted.</param>
    /// <param name="products">Receives them as <see cref="ComputeWeights"/> gives weights.</param>
    /// <param name="stride">As there.</param>
    /// <param name="own">Receives for each of the rows wanted what the same product is for the row itself.</param>
    /// <param name="first">
    /// Of how many of the first features alone, with the same λ; of all if not given. The factor of the first rows and
    /// columns of XᵀX + λI is the first part of the whole's.
    /// </param>
    internal void ComputeProducts(
        FeatureMatrix tests, int firstRow, Span<double> products, int stride, Span<Leverage> own, int? first = null)
    {
        int features = first ?? Features;
        double[] x = Scaled(tests, firstRow, own.Length, out int columns), z = [.. x];
        _factor!.Solve(z, columns, features);
        own.Clear();
        for (int i = 0; i < features; i++)
        {
            double penalty = PenaltyOf(Scaling, i, Lambda);
            for (int test = 0; test < own.Length; test++)
                own[test] = own[test].Plus(x[i * columns + test], z[i * columns + test], penalty);
        }

        _rows.Multiply(_kernels, features, z, columns, 0, products, stride);
    }

    /// <summary>
    /// Computes the weights by which a few coefficients are linear in the labels: coefficient i is eᵢᵀ(XᵀX + λI)⁻¹Xᵀy,
    /// what the prediction gains where feature i, in its own units, grows by 1.
    /// </summary>
    /// <param name="firstFeature">The first feature wanted.</param>
    /// <param name="count">How many.</param>
    /// <param name="weights">Receives rows of weights as <see cref="ComputeWeights"/> gives them.</param>
    /// <param name="stride">As there.</param>
    internal void ComputeCoefficientWeights(int firstFeature, int count, Span<double> weights, int stride)
    {
        int columns = Tile.PadHeight(count);
        double[] z = new double[Features * columns];
        for (int i = 0; i < count; i++)
            z[(firstFeature + i) * columns + i] = Scaling.Scales[firstFeature + i];
        Solve(z, columns);
        _rows.Multiply(_kernels, Features, z, columns, 0, weights, stride);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// In closed form, λ held: with H = X(XᵀX + λI)⁻¹Xᵀ + 1/n, whose row i is α of row i, leaving row i out takes xᵢxᵢᵀ
    /// from XᵀX, and by Sherman and Morrison's formula α⁽⁻ⁱ⁾ⱼ = Hᵢⱼ/(1 − Hᵢᵢ) for j ≠ i. docs/audit.md derives it.
    /// </remarks>
    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride, Span<double> errors)
    {
        ComputeWeights(training, firstRow, rowCount, weights, stride);
        for (int row = 0; row < rowCount; row++)
        {
            Span<double> own = weights.Slice(row * stride, TrainingRows);
            double share = ShareOfOthers(own[firstRow + row], firstRow + row);
            own[firstRow + row] = 0;
            errors[row] = Errors.OfClosedForm(share, Elementwise.DivideAndSum(own, share)) + Errors.OfRefit(share);
        }
    }

    /// <summary>1 − Hᵢᵢ.</summary>
    /// <exception cref="HeadException">It is 0 up to rounding.</exception>
    internal static double ShareOfOthers(double own, int row) => 1 - own > LeastShareOfOthers
        ? 1 - own
        : throw new HeadException(
            $"Training row {row} (counting from 0) cannot be left out: it alone determines what the head says of it. Use a larger λ.");

    /// <summary>XᵀX of centred rows in scaled units, k × k, as the factor of XᵀX + λI has it.</summary>
    internal double[] CentredGram()
    {
        double[] gram = new double[checked(Features * Features)];
        for (int i = 0; _factor is { } factor && i < Features; i++)
        {
            ReadOnlySpan<double> row = factor.Row(i);
            for (int j = i; j < Features; j++)
            {
                for (int column = j; column < Features; column++)
                    gram[j * Features + column] += row[j] * row[column];
            }
        }

        for (int i = 0; i < Features; i++)
            gram[i * Features + i] = Math.Max(0, gram[i * Features + i] - PenaltyOf(Scaling, i, Lambda));
        return gram;
    }

    /// <summary>
    /// Applies (XᵀX + λI)⁻¹ in scaled units to k rows of numbers, unless <see cref="Rows"/> have it in them.
    /// </summary>
    internal void Solve(Span<double> right, int columns) => _factor?.Solve(right, columns);

    /// <summary>Test rows as the training rows are, scaled and centred: k rows of numbers, a column for each.</summary>
    internal double[] Scaled(FeatureMatrix tests, int firstRow, int rowCount, out int columns)
    {
        columns = Tile.PadHeight(rowCount);
        double[] x = new double[Features * columns];
        Scale(tests, firstRow, rowCount, x);
        return x;
    }

    /// <summary>The same where there is room for it; columns beyond the rows are 0.</summary>
    private void Scale(FeatureMatrix tests, int firstRow, int rowCount, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Columns != Features)
            throw new HeadException($"The head was fitted to {Features} features, but the test rows have {tests.Columns}.");
        x.Clear();
        for (int test = 0; test < rowCount; test++)
            Scaling.Apply(tests.Row(firstRow + test), x[test..], Tile.PadHeight(rowCount));
    }

    /// <summary>
    /// In scaled units, s²ᵢλ stands beside s²ᵢΣx². A feature so small that this overflows has no weight, as with any
    /// huge number.
    /// </summary>
    internal static double Penalty(double scale, double lambda) => Math.Min(lambda * scale * scale, Huge);

    private static double PenaltyOf(ColumnScaling scaling, int column, double lambda) => Penalty(scaling.Scales[column], lambda);

    private static IScaledRows ScaledRows(FeatureMatrix features, ColumnScaling scaling, ParallelOptions parallel) =>
        (long)features.Rows * features.Columns <= MostPacked
            ? PackedRows.Of(features, scaling, parallel)
            : new StreamedRows(features, scaling);

    private static Cholesky Factorise(
        GramMatrix gram, ColumnScaling scaling, double lambda, Intercept intercept, KernelSet kernels, ParallelOptions? parallel)
    {
        double Regularised(int row, int column) => gram[row, column] + (row == column ? PenaltyOf(scaling, row, lambda) : 0);
        int dependent = Cholesky.TryFactorise(gram.Size, Regularised, kernels, parallel, out Cholesky factor);
        return dependent < 0
            ? factor
            : throw new HeadException(
                $"The features do not determine a head: XᵀX + λI is singular at λ = {lambda:R}, because feature column {dependent} "
                + $"(counting from 0) is a combination of those before it{(intercept == Intercept.Fitted ? " and a constant" : "")}. "
                + "Use a larger λ, or drop that column.");
    }
}

/// <summary>The choice of a <see cref="RidgeHead"/>, <c>ridge</c>.</summary>
public sealed record RidgeHeadChoice() : RegularisedHeadChoice("ridge")
{
    /// <inheritdoc/>
    public override string Name => "ridge";

    /// <inheritdoc/>
    public override string Description => "regularised least squares";

    /// <summary>Whether there is an intercept. The default value is <see cref="Intercept.Fitted"/>.</summary>
    public Intercept Intercept { get; init; } = Intercept.Fitted;

    /// <inheritdoc/>
    public override HeadChoice? WithOption(string name, string value) => (name, value) switch
    {
        ("intercept", "yes") => this with { Intercept = Intercept.Fitted },
        ("intercept", "no") => this with { Intercept = Intercept.None },
        _ => base.WithOption(name, value),
    };

    /// <inheritdoc/>
    public override ILeaveOneOutHead Fit(FeatureMatrix features, ParallelOptions? parallel = null) =>
        RidgeHead.Fit(features, Rule, Intercept, parallel);

    /// <inheritdoc/>
    public override StagedFit<IHead> FitInStages(FeatureMatrix features, ParallelOptions? parallel = null) =>
        RidgeHead.FitInStages(features, Ridge, Intercept, ridge => ridge, parallel);

    /// <inheritdoc/>
    public override string Describe(IHead? fitted = null)
    {
        string lambda = fitted is null ? "" : string.Create(CultureInfo.InvariantCulture, $", λ = {Own<RidgeHead>(fitted).Lambda:G6}");
        return $"ridge {Ridge.Text}{lambda}, {(Intercept == Intercept.Fitted ? "with" : "without")} intercept";
    }

    /// <inheritdoc/>
    public override HeadValues Values(IHead? fitted = null) => new()
    {
        Ridge = Ridge.Text,
        Lambda = fitted is null ? null : Own<RidgeHead>(fitted).Lambda,
        Intercept = Intercept == Intercept.Fitted,
    };

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays, IHead fitted)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("ridge", [Ridge.Text]);
        arrays.Add("intercept", [(int)Intercept]);
        Own<RidgeHead>(fitted).GetState().Store(arrays);
    }

    /// <inheritdoc/>
    public override RidgeHeadChoice WithStoredOptions(ModelArrays arrays) =>
        (RidgeHeadChoice)base.WithStoredOptions(arrays) with { Intercept = (Intercept)arrays.Integers("intercept").Single() };

    /// <inheritdoc/>
    public override ILeaveOneOutHead Restore(ModelArrays arrays, FeatureMatrix features, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return RidgeHead.FromState(features, Rule, RidgeHeadState.Restore(arrays, Intercept), parallel);
    }
}
