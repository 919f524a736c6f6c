using System.Buffers;
using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>
/// A convolution with 5 × 5 kernels. Weights lie by input channel, kernel row, kernel column, output channel.
/// </summary>
internal sealed class ConvolutionLayer(ConvolutionShape shape) : ILayer
{
    private const int Kernel = ConvolutionShape.Kernel;

    public int Inputs => shape.Inputs;

    public int Outputs => shape.Outputs;

    public int Weights => (shape.FanIn + 1) * shape.OutputChannels;

    public int Biases => shape.OutputChannels;

    public int FanIn => shape.FanIn;

    public void Forward(ReadOnlySpan<float> weights, ReadOnlySpan<Vector512<float>> input, Span<Vector512<float>> output) =>
        ConvolutionKernel.Convolve(shape, weights[..^Biases], weights[^Biases..], input, output);

    public void Backward(
        ReadOnlySpan<float> weights,
        ReadOnlySpan<Vector512<float>> input,
        ReadOnlySpan<Vector512<float>> output,
        ReadOnlySpan<Vector512<float>> outputGradient,
        Span<float> weightGradient,
        Span<Vector512<float>> inputGradient)
    {
        ConvolutionGradientKernel.Sum(shape, input, outputGradient, weightGradient);
        int plane = shape.OutputHeight * shape.OutputWidth;
        for (int channel = 0; channel < shape.OutputChannels; channel++)
        {
            Vector512<float> sum = default;
            foreach (Vector512<float> slope in outputGradient.Slice(channel * plane, plane))
                sum += slope;
            weightGradient[^(Biases - channel)] = ImageLanes.Sum(sum);
        }

        if (!inputGradient.IsEmpty)
            LeadBack(weights, outputGradient, inputGradient);
    }

    private void LeadBack(ReadOnlySpan<float> weights, ReadOnlySpan<Vector512<float>> outputGradient, Span<Vector512<float>> inputGradient)
    {
        ConvolutionShape back = shape.Back;
        float[] turned = new float[back.FanIn * back.OutputChannels];
        for (int i = 0; i < shape.FanIn * shape.OutputChannels; i++)
        {
            (int tap, int output) = Math.DivRem(i, shape.OutputChannels);
            (int channel, int place) = Math.DivRem(tap, Kernel * Kernel);
            turned[(output * Kernel * Kernel + Kernel * Kernel - 1 - place) * shape.InputChannels + channel] = weights[i];
        }

        Vector512<float>[] bordered = ArrayPool<Vector512<float>>.Shared.Rent(back.Inputs);
        Array.Clear(bordered, 0, back.Inputs);
        const int Border = Kernel - 1;
        for (int channel = 0; channel < shape.OutputChannels; channel++)
        {
            for (int y = 0; y < shape.OutputHeight; y++)
            {
                outputGradient.Slice((channel * shape.OutputHeight + y) * shape.OutputWidth, shape.OutputWidth)
                    .CopyTo(bordered.AsSpan((channel * back.InputHeight + y + Border) * back.InputWidth + Border));
            }
        }

        ConvolutionKernel.Convolve(back, turned, new float[back.OutputChannels], bordered, inputGradient);
        ArrayPool<Vector512<float>>.Shared.Return(bordered);
    }
}

/// <summary>The sizes of a convolution with 5 × 5 kernels and no padding.</summary>
/// <param name="InputChannels">Channels that go in.</param>
/// <param name="InputHeight">Rows of pixels that go in.</param>
/// <param name="InputWidth">Columns of pixels that go in.</param>
/// <param name="OutputChannels">Channels that come out, a multiple of 4.</param>
internal sealed record ConvolutionShape(int InputChannels, int InputHeight, int InputWidth, int OutputChannels)
{
    public const int Kernel = 5;

    public int OutputHeight => InputHeight - Kernel + 1;

    public int OutputWidth => InputWidth - Kernel + 1;

    public int Inputs => InputChannels * InputHeight * InputWidth;

    public int Outputs => OutputChannels * OutputHeight * OutputWidth;

    /// <summary>Numbers that meet in one that comes out.</summary>
    public int FanIn => InputChannels * Kernel * Kernel;

    /// <summary>
    /// The convolution that leads derivatives back: over outputs with a border of zeros, from output to input channels.
    /// </summary>
    public ConvolutionShape Back => new(OutputChannels, OutputHeight + 2 * (Kernel - 1), OutputWidth + 2 * (Kernel - 1), InputChannels);
}
