namespace CertiFlip.Features.Images;

/// <summary>
/// Steps against the gradient, for each weight as long as its derivatives were of late in relation to their size
/// (Kingma and Ba 2015).
/// </summary>
internal sealed class AdamOptimiser(int weights)
{
    private const float MeanDecay = 0.9f;
    private const float SquareDecay = 0.999f;
    private const float Floor = 1e-8f;

    private readonly float[] _means = new float[weights];
    private readonly float[] _squares = new float[weights];
    private int _steps;

    public void Step(Span<float> weights, ReadOnlySpan<float> gradient, double rate)
    {
        _steps++;
        double meanShare = 1 - Math.Pow(MeanDecay, _steps), squareShare = 1 - Math.Pow(SquareDecay, _steps);
        float step = (float)(rate / meanShare), unit = (float)(1 / squareShare);
        for (int i = 0; i < weights.Length; i++)
        {
            float slope = gradient[i];
            float mean = _means[i] = MeanDecay * _means[i] + (1 - MeanDecay) * slope;
            float square = _squares[i] = SquareDecay * _squares[i] + (1 - SquareDecay) * slope * slope;
            weights[i] -= step * mean / (MathF.Sqrt(square * unit) + Floor);
        }
    }
}
