using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>Numbers below zero become zero.</summary>
internal sealed class RectifierLayer(int numbers) : ILayer
{
    public int Inputs => numbers;

    public int Outputs => numbers;

    public int Weights => 0;

    public int Biases => 0;

    public int FanIn => 1;

    public void Forward(ReadOnlySpan<float> weights, ReadOnlySpan<Vector512<float>> input, Span<Vector512<float>> output)
    {
        for (int i = 0; i < numbers; i++)
            output[i] = Vector512.Max(input[i], Vector512<float>.Zero);
    }

    public void Backward(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<Vector512<float>> input,
        ReadOnlySpan<Vector512<float>> output,
        ReadOnlySpan<Vector512<float>> outputGradient,
        Span<float> weightGradient,
        Span<Vector512<float>> inputGradient)
    {
        for (int i = 0; i < numbers; i++)
            inputGradient[i] = outputGradient[i] & Vector512.GreaterThan(input[i], Vector512<float>.Zero);
    }
}
