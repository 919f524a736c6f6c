namespace CertiFlip.Kernels;

/// <summary>The kernels compiled for one width of register, of doubles and of floats.</summary>
internal sealed class KernelSet<TLanes, TVector, TSingleLanes, TSingleVector>(string name) : KernelSet(name)
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
    where TSingleLanes : struct, ILanes<TSingleVector>
    where TSingleVector : struct
{
    public override double SumMoments(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role) =>
        MomentKernel<TLanes, TVector>.Sum(weights, halfT, role);

    public override TiltSums SumTilt(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role) =>
        TiltKernel<TLanes, TVector>.Sum(weights, halfT, role);

    public override TiltSums SumRoughTilt(ReadOnlySpan<double> weights, double halfT, RoleProbabilities role) =>
        TiltKernel<TSingleLanes, TSingleVector>.Sum(weights, halfT, role);

    public override WeightSums SumWeights(ReadOnlySpan<double> weights, double scale) =>
        WeightSumsKernel<TLanes, TVector>.Sum(weights, scale);

    public override int Collect(ReadOnlySpan<double> values, double least, double below, Span<double> destination) =>
        CollectKernel<TLanes, TVector>.Collect(values, least, below, destination);

    public override double Softmax(Span<double> scores, int classes, int stride, int rows) =>
        SoftmaxKernel<TLanes, TVector>.Apply(scores, classes, stride, rows);

    public override void Saturate(Span<double> values, double slope, double shift, double size) =>
        SaturationKernel<TLanes, TVector>.Apply(values, slope, shift, size);

    public override void Decay(Span<double> values, double least, double rate) =>
        DecayKernel<TLanes, TVector>.Apply(values, least, rate);

    public override void MultiplyAddTile(
        int inner, ref readonly double a, int strideA, ref readonly double b, int strideB, ref double c, int strideC) =>
        TileKernel<TLanes, TVector>.MultiplyAdd(inner, in a, strideA, in b, strideB, ref c, strideC);

    public override void MultiplyAddPanels(
        int panels, ref readonly double a, int strideA, ref readonly double b, int strideB, ref double c) =>
        PanelKernel<TLanes, TVector>.MultiplyAdd(panels, in a, strideA, in b, strideB, ref c);
}
