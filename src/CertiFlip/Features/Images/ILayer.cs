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
