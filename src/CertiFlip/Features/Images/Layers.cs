using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>
/// A layer of a network, at work on 16 images at once: each vector holds the same number of all of them.
/// </summary>
internal interface ILayer
{
    /// <summary>Numbers of an image that go in.</summary>
    int Inputs { get; }

    /// <summary>Numbers of an image that come out.</summary>
    int Outputs { get; }

    /// <summary>How many weights the layer has, its biases last.</summary>
    int Weights { get; }

    /// <summary>How many numbers meet in one that comes out: tells how large first weights should be.</summary>
    int FanIn { get; }

    /// <summary>Biases among the weights.</summary>
    int Biases { get; }

    /// <summary>What comes out.</summary>
    void Forward(ReadOnlySpan<float> weights, ReadOnlySpan<Vector512<float>> input, Span<Vector512<float>> output);

    /// <summary>
    /// From the derivatives of the loss by what came out, those by the weights, summed over images, and by what went
    /// in.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="input">What went in.</param>
    /// <param name="output">What came out.</param>
    /// <param name="outputGradient">Derivatives by it.</param>
    /// <param name="weightGradient">Receives those by the weights.</param>
    /// <param name="inputGradient">Receives those by the input; empty where nobody wants them.</param>
    void Backward(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<Vector512<float>> input,
        ReadOnlySpan<Vector512<float>> output,
        ReadOnlySpan<Vector512<float>> outputGradient,
        Span<float> weightGradient,
        Span<Vector512<float>> inputGradient);
}

/// <summary>Every output is a weighted sum of all inputs. Weights lie by output, then input.</summary>
internal sealed class DenseLayer(int inputs, int outputs) : ILayer
{
    public int Inputs => inputs;

    public int Outputs => outputs;

    public int Weights => (inputs + 1) * outputs;

    public int Biases => outputs;

    public int FanIn => inputs;

    public void Forward(ReadOnlySpan<float> weights, ReadOnlySpan<Vector512<float>> input, Span<Vector512<float>> output)
    {
        for (int o = 0; o < outputs; o++)
        {
            Vector512<float> even = Vector512.Create(weights[inputs * outputs + o]), odd = default;
            ReadOnlySpan<float> row = weights.Slice(o * inputs, inputs);
            int i = 0;
            for (; i + 1 < inputs; i += 2)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Create(row[i]), input[i], even);
                odd = Vector512.FusedMultiplyAdd(Vector512.Create(row[i + 1]), input[i + 1], odd);
            }

            if (i < inputs)
                even = Vector512.FusedMultiplyAdd(Vector512.Create(row[i]), input[i], even);
            output[o] = even + odd;
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
        for (int o = 0; o < outputs; o++)
        {
            Vector512<float> slope = outputGradient[o];
            int row = o * inputs;
            for (int i = 0; i < inputs; i++)
            {
                weightGradient[row + i] = ImageLanes.Sum(slope * input[i]);
                inputGradient[i] = Vector512.FusedMultiplyAdd(Vector512.Create(weights[row + i]), slope, inputGradient[i]);
            }

            weightGradient[inputs * outputs + o] = ImageLanes.Sum(slope);
        }
    }
}

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
