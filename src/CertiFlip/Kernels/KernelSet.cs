using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace CertiFlip.Kernels;

/// <summary>
/// The kernels at one vector width. <see cref="Best"/> is chosen once, when the program starts, and the environment
/// variable <c>CERTIFLIP_KERNEL</c> (<c>scalar</c>, <c>vector128</c>, <c>vector256</c> or <c>vector512</c>) forces one.
/// </summary>
internal abstract class KernelSet
{
    public const string EnvironmentVariable = "CERTIFLIP_KERNEL";

    // In order of preference. Each needs a fused multiply-add in hardware: emulated ones are slower than the scalar
    // twin.
    private static readonly Width[] Supported =
    [
        .. ((Width[])
        [
            new("vector512", Vector512.IsHardwareAccelerated && Avx512F.IsSupported,
                name => new KernelSet<Lanes512, Vector512<double>, SingleLanes512, Vector512<float>>(name)),
            new("vector256", Vector256.IsHardwareAccelerated && Fma.IsSupported,
                name => new KernelSet<Lanes256, Vector256<double>, SingleLanes256, Vector256<float>>(name)),
            new("vector128", Vector128.IsHardwareAccelerated && (Fma.IsSupported || AdvSimd.Arm64.IsSupported),
                name => new KernelSet<Lanes128, Vector128<double>, SingleLanes128, Vector128<float>>(name)),
            new("scalar", true, name => new KernelSet<ScalarLanes, double, ScalarSingleLanes, float>(name)),
        ]).Where(width => width.IsSupported),
    ];

    protected KernelSet(string name) => Name = name;

    /// <summary>Every set this processor can run, the fastest first, the scalar twin last.</summary>
    public static IReadOnlyList<KernelSet> All => [.. Supported.Select(width => width.Kernels.Value)];

    public static KernelSet Best { get; } = Choose(Environment.GetEnvironmentVariable(EnvironmentVariable));

    public string Name { get; }

    /// <summary>The set called <paramref name="name"/>, or the fastest where it is null or empty.</summary>
    /// <exception cref="PlatformNotSupportedException">This processor has no such set.</exception>
    public static KernelSet Choose(string? name) =>
        string.IsNullOrEmpty(name)
            ? Supported[0].Kernels.Value
            : Array.Find(Supported, width => width.Name == name)?.Kernels.Value ?? throw new PlatformNotSupportedException(
                $"{EnvironmentVariable} is '{name}', but this processor runs "
                + $"{string.Join(", ", Supported.Select(width => width.Name))}.");

    /// <inheritdoc cref="MomentKernel{TLanes,TVector}"/>
    public abstract double SumMoments(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role);

    /// <inheritdoc cref="MomentKernel{TLanes,TVector}.SumTwo"/>
    public abstract (double First, double Second) SumTwoMoments(
        ReadOnlySpan<double> weights, double halfT, RoleProbabilities first, RoleProbabilities second);

    /// <inheritdoc cref="TiltKernel{TLanes,TVector}"/>
    public abstract TiltSums SumTilt(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role);

    /// <summary>
    /// <see cref="SumTilt"/> in single precision, for weights, t and probabilities well within its range.
    /// </summary>
    public abstract TiltSums SumRoughTilt(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role);

    /// <inheritdoc cref="PowerSumsKernel{TLanes,TVector}"/>
    public abstract void AddPowers(ReadOnlySpan<double> weights, double scale, Span<double> sums);

    /// <inheritdoc cref="WeightSumsKernel{TLanes,TVector}"/>
    public abstract WeightSums SumWeights(ReadOnlySpan<double> weights, double scale);

    /// <inheritdoc cref="CollectKernel{TLanes,TVector}"/>
    /// <returns>How many there are.</returns>
    public abstract int Collect(
        ReadOnlySpan<double> values, ValueReading reading, double least, double below, Span<double> destination);

    /// <inheritdoc cref="SoftmaxKernel{TLanes,TVector}"/>
    /// <param name="scores">
    /// Rows of scores in, of probabilities out, one for each class, each <paramref name="stride"/> after the one
    /// before.
    /// </param>
    /// <param name="classes">K.</param>
    /// <param name="stride">At least <paramref name="rows"/>.</param>
    /// <param name="rows">How many of each class's numbers count.</param>
    public abstract double Softmax(Span<double> scores, int classes, int stride, int rows);

    /// <inheritdoc cref="SaturationKernel{TLanes,TVector}"/>
    public abstract void Saturate(Span<double> values, double slope, double shift, double size);

    /// <inheritdoc cref="DecayKernel{TLanes,TVector}"/>
    public abstract void Decay(Span<double> values, double least, double rate);

    /// <inheritdoc cref="TileKernel{TLanes,TVector}"/>
    public abstract void MultiplyAddTile(
        int inner, ref readonly double a, int strideA, ref readonly double b, int strideB, ref double c, int strideC);

    /// <inheritdoc cref="TileKernel{TLanes,TVector}.MultiplyPanel"/>
    public abstract void MultiplyPanel(
        int inner, ref readonly double a, ref readonly double b, int strideB, int columns, double? constant, ref double c, int strideC);

    /// <inheritdoc cref="PanelKernel{TLanes,TVector}"/>
    public abstract void MultiplyAddPanels(
        int panels, ref readonly double a, int strideA, ref readonly double b, int strideB, ref double c);

    /// <inheritdoc cref="RoughTileKernel{TLanes,TVector}"/>
    public abstract uint MultiplyRoughTile(
        int inner, ref readonly float a, ref readonly float b, ref readonly float start, ref readonly float limits, ref float c,
        int strideC);

    /// <inheritdoc cref="PoolKernel{TLanes,TVector}"/>
    /// <param name="inner">Rows of A and B.</param>
    /// <param name="columns">Columns of A, a multiple of <see cref="Tile.PoolHeight"/>.</param>
    /// <param name="a">A, row by row.</param>
    /// <param name="strideA">Numbers from one row of A to the next.</param>
    /// <param name="b">B, row by row.</param>
    /// <param name="strideB">Numbers from one row of B to the next.</param>
    /// <param name="groups">
    /// The columns of B that count, as the first of every <see cref="Tile.PoolHeight"/>, ascending.
    /// </param>
    /// <param name="places">For each column of B where its sums begin.</param>
    /// <param name="threshold">What a product must exceed.</param>
    /// <param name="sums">For each place a sum for each column of A.</param>
    public abstract void AddBeyond(
        int inner, int columns, ref readonly double a, int strideA, ReadOnlySpan<double> b, int strideB,
        ReadOnlySpan<int> groups, ReadOnlySpan<int> places, double threshold, Span<double> sums);

    // Kernels are compiled when a set is made: most programs make one.
    private sealed class Width(string name, bool isSupported, Func<string, KernelSet> make)
    {
        public string Name => name;

        public bool IsSupported => isSupported;

        public Lazy<KernelSet> Kernels { get; } = new(() => make(name));
    }
}

/// <summary>The kernels compiled for one width of register, of doubles and of floats.</summary>
internal sealed class KernelSet<TLanes, TVector, TSingleLanes, TSingleVector>(string name) : KernelSet(name)
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
    where TSingleLanes : struct, ISingleLanes<TSingleVector>
    where TSingleVector : struct
{
    public override double SumMoments(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role) =>
        MomentKernel<TLanes, TVector>.Sum(weights, halfT, role);

    public override (double First, double Second) SumTwoMoments(
        ReadOnlySpan<double> weights, double halfT, RoleProbabilities first, RoleProbabilities second) =>
        MomentKernel<TLanes, TVector>.SumTwo(weights, halfT, first, second);

    public override TiltSums SumTilt(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role) =>
        TiltKernel<TLanes, TVector>.Sum(weights, halfT, role);

    public override TiltSums SumRoughTilt(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role) =>
        TiltKernel<TSingleLanes, TSingleVector>.Sum(weights, halfT, role);

    public override void AddPowers(ReadOnlySpan<double> weights, double scale, Span<double> sums) =>
        PowerSumsKernel<TLanes, TVector>.Add(weights, scale, sums);

    public override WeightSums SumWeights(ReadOnlySpan<double> weights, double scale) =>
        WeightSumsKernel<TLanes, TVector>.Sum(weights, scale);

    public override int Collect(
        ReadOnlySpan<double> values, ValueReading reading, double least, double below, Span<double> destination) =>
        CollectKernel<TLanes, TVector>.Collect(values, reading, least, below, destination);

    public override double Softmax(Span<double> scores, int classes, int stride, int rows) =>
        SoftmaxKernel<TLanes, TVector>.Apply(scores, classes, stride, rows);

    public override void Saturate(Span<double> values, double slope, double shift, double size) =>
        SaturationKernel<TLanes, TVector>.Apply(values, slope, shift, size);

    public override void Decay(Span<double> values, double least, double rate) =>
        DecayKernel<TLanes, TVector>.Apply(values, least, rate);

    public override void MultiplyAddTile(
        int inner, ref readonly double a, int strideA, ref readonly double b, int strideB, ref double c, int strideC) =>
        TileKernel<TLanes, TVector>.MultiplyAdd(inner, in a, strideA, in b, strideB, ref c, strideC);

    public override void MultiplyPanel(
        int inner, ref readonly double a, ref readonly double b, int strideB, int columns, double? constant, ref double c, int strideC) =>
        TileKernel<TLanes, TVector>.MultiplyPanel(inner, in a, in b, strideB, columns, constant, ref c, strideC);

    public override void MultiplyAddPanels(
        int panels, ref readonly double a, int strideA, ref readonly double b, int strideB, ref double c) =>
        PanelKernel<TLanes, TVector>.MultiplyAdd(panels, in a, strideA, in b, strideB, ref c);

    public override uint MultiplyRoughTile(
        int inner, ref readonly float a, ref readonly float b, ref readonly float start, ref readonly float limits, ref float c,
        int strideC) =>
        RoughTileKernel<TSingleLanes, TSingleVector>.Multiply(inner, in a, in b, in start, in limits, ref c, strideC);

    public override void AddBeyond(
        int inner, int columns, ref readonly double a, int strideA, ReadOnlySpan<double> b, int strideB,
        ReadOnlySpan<int> groups, ReadOnlySpan<int> places, double threshold, Span<double> sums) =>
        PoolKernel<TLanes, TVector>.Add(inner, columns, in a, strideA, b, strideB, groups, places, threshold, sums);
}
