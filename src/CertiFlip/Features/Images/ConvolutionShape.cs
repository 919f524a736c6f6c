namespace CertiFlip.Features.Images;

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
