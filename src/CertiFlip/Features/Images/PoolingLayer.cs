using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>
/// The largest of each 2 × 2 pixels, or 0 where none is larger. An odd last row or column is left out.
/// </summary>
internal sealed class PoolingLayer(int channels, int height, int width) : ILayer
{
    public int Inputs => channels * height * width;

    public int Outputs => channels * (height / 2) * (width / 2);

    public int Weights => 0;

    public int Biases => 0;

    public int FanIn => 1;

    public void Forward(ReadOnlySpan<float> weights, ReadOnlySpan<Vector512<float>> input, Span<Vector512<float>> output)
    {
        int at = 0;
        foreach (int corner in Corners())
        {
            Vector512<float> upper = Vector512.Max(input[corner], input[corner + 1]);
            Vector512<float> lower = Vector512.Max(input[corner + width], input[corner + width + 1]);
            output[at++] = Vector512.Max(Vector512.Max(upper, lower), Vector512<float>.Zero);
        }
    }

    public void Backward(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<Vector512<float>> input,
        ReadOnlySpan<Vector512<float>> output,
        ReadOnlySpan<Vector512<float>> outputGradient,
        Span<float> weightGradient,
        Span<Vector512<float>> inputGradient)
    {
        inputGradient.Clear();
        int at = 0;
        foreach (int corner in Corners())
        {
            // All goes to the first pixel that is the largest.
            Vector512<float> largest = output[at], isPositive = Vector512.GreaterThan(largest, Vector512<float>.Zero);
            Vector512<float> left = Vector512.ConditionalSelect(isPositive, outputGradient[at], Vector512<float>.Zero);
            at++;
            foreach (int pixel in (ReadOnlySpan<int>)[corner, corner + 1, corner + width, corner + width + 1])
            {
                Vector512<float> isLargest = Vector512.Equals(input[pixel], largest);
                inputGradient[pixel] = isLargest & left;
                left = Vector512.AndNot(left, isLargest);
            }
        }
    }

    private IEnumerable<int> Corners()
    {
        for (int channel = 0; channel < channels; channel++)
        {
            for (int y = 0; y + 1 < height; y += 2)
            {
                for (int x = 0; x + 1 < width; x += 2)
                    yield return (channel * height + y) * width + x;
            }
        }
    }
}
