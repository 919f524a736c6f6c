using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>
/// A convolution of 16 images: 4 output channels and 4 neighbouring pixels at a time stay in registers.
/// </summary>
/// <remarks>Each number is one chain of fused multiply-adds, in order.</remarks>
internal static class ConvolutionKernel
{
    private const int Kernel = ConvolutionShape.Kernel;
    private const int Block = 4;

    /// <summary>Convolves.</summary>
    /// <param name="shape">The sizes; output rows are at least 4 pixels wide.</param>
    /// <param name="weights">By input channel, kernel row, kernel column, output channel.</param>
    /// <param name="biases">One for each output channel.</param>
    /// <param name="input">By channel, row, column.</param>
    /// <param name="output">Receives the same.</param>
    public static void Convolve(
        ConvolutionShape shape,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> biases,
        ReadOnlySpan<Vector512<float>> input,
        Span<Vector512<float>> output)
    {
        int width = shape.OutputWidth, plane = shape.OutputHeight * width;
        for (int channel = 0; channel < shape.OutputChannels; channel += Block)
        {
            for (int y = 0; y < shape.OutputHeight; y++)
            {
                for (int x = 0; x < width; x += Block)
                {
                    // The last block of a row may overlap the one before: the same pixels come out the same.
                    int first = Math.Min(x, width - Block);
                    ConvolveBlock(
                        shape,
                        weights[channel..],
                        biases[channel..],
                        input[(y * shape.InputWidth + first)..],
                        output[(channel * plane + y * width + first)..]);
                }
            }
        }
    }

    private static void ConvolveBlock(
        ConvolutionShape shape,
        ReadOnlySpan<float> weights,
        ReadOnlySpan<float> biases,
        ReadOnlySpan<Vector512<float>> input,
        Span<Vector512<float>> output)
    {
        Vector512<float> c00 = Vector512.Create(biases[0]), c01 = c00, c02 = c00, c03 = c00;
        Vector512<float> c10 = Vector512.Create(biases[1]), c11 = c10, c12 = c10, c13 = c10;
        Vector512<float> c20 = Vector512.Create(biases[2]), c21 = c20, c22 = c20, c23 = c20;
        Vector512<float> c30 = Vector512.Create(biases[3]), c31 = c30, c32 = c30, c33 = c30;
        ref float w = ref MemoryMarshal.GetReference(weights);
        for (int channel = 0; channel < shape.InputChannels; channel++)
        {
            for (int row = 0; row < Kernel; row++)
            {
                ref Vector512<float> pixels =
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(input), (channel * shape.InputHeight + row) * shape.InputWidth);
                for (int column = 0; column < Kernel; column++)
                {
                    Vector512<float> x0 = pixels, x1 = Unsafe.Add(ref pixels, 1);
                    Vector512<float> x2 = Unsafe.Add(ref pixels, 2), x3 = Unsafe.Add(ref pixels, 3);
                    Vector512<float> w0 = Vector512.Create(w);
                    c00 = Vector512.FusedMultiplyAdd(x0, w0, c00);
                    c01 = Vector512.FusedMultiplyAdd(x1, w0, c01);
                    c02 = Vector512.FusedMultiplyAdd(x2, w0, c02);
                    c03 = Vector512.FusedMultiplyAdd(x3, w0, c03);
                    Vector512<float> w1 = Vector512.Create(Unsafe.Add(ref w, 1));
                    c10 = Vector512.FusedMultiplyAdd(x0, w1, c10);
                    c11 = Vector512.FusedMultiplyAdd(x1, w1, c11);
                    c12 = Vector512.FusedMultiplyAdd(x2, w1, c12);
                    c13 = Vector512.FusedMultiplyAdd(x3, w1, c13);
                    Vector512<float> w2 = Vector512.Create(Unsafe.Add(ref w, 2));
                    c20 = Vector512.FusedMultiplyAdd(x0, w2, c20);
                    c21 = Vector512.FusedMultiplyAdd(x1, w2, c21);
                    c22 = Vector512.FusedMultiplyAdd(x2, w2, c22);
                    c23 = Vector512.FusedMultiplyAdd(x3, w2, c23);
                    Vector512<float> w3 = Vector512.Create(Unsafe.Add(ref w, 3));
                    c30 = Vector512.FusedMultiplyAdd(x0, w3, c30);
                    c31 = Vector512.FusedMultiplyAdd(x1, w3, c31);
                    c32 = Vector512.FusedMultiplyAdd(x2, w3, c32);
                    c33 = Vector512.FusedMultiplyAdd(x3, w3, c33);
                    pixels = ref Unsafe.Add(ref pixels, 1);
                    w = ref Unsafe.Add(ref w, shape.OutputChannels);
                }
            }
        }

        int plane = shape.OutputHeight * shape.OutputWidth;
        Store(output, c00, c01, c02, c03);
        Store(output[plane..], c10, c11, c12, c13);
        Store(output[(2 * plane)..], c20, c21, c22, c23);
        Store(output[(3 * plane)..], c30, c31, c32, c33);
    }

    private static void Store(
        Span<Vector512<float>> output, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) =>
        (output[0], output[1], output[2], output[3]) = (a, b, c, d);
}

/// <summary>
/// Derivatives by a convolution's weights over 16 images: those of 4 output channels and one kernel row stay in
/// registers.
/// </summary>
internal static class ConvolutionGradientKernel
{
    private const int Kernel = ConvolutionShape.Kernel;
    private const int Block = 4;

    /// <summary>Sums derivatives over pixels and images.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="input">What went in, by channel, row, column.</param>
    /// <param name="outputGradient">Derivatives by what came out, likewise.</param>
    /// <param name="gradient">
    /// Receives those by the weights: by input channel, kernel row, kernel column, output channel.
    /// </param>
    public static void Sum(
        ConvolutionShape shape, ReadOnlySpan<Vector512<float>> input, ReadOnlySpan<Vector512<float>> outputGradient, Span<float> gradient)
    {
        int plane = shape.OutputHeight * shape.OutputWidth, at = 0;
        for (int channel = 0; channel < shape.InputChannels; channel++)
        {
            for (int row = 0; row < Kernel; row++, at += Kernel * shape.OutputChannels)
            {
                ReadOnlySpan<Vector512<float>> pixels = input[((channel * shape.InputHeight + row) * shape.InputWidth)..];
                for (int output = 0; output < shape.OutputChannels; output += Block)
                    SumBlock(shape, pixels, outputGradient[(output * plane)..], gradient[(at + output)..]);
            }
        }
    }

    private static void SumBlock(
        ConvolutionShape shape, ReadOnlySpan<Vector512<float>> input, ReadOnlySpan<Vector512<float>> outputGradient, Span<float> gradient)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default, s04 = default;
        Vector512<float> s10 = default, s11 = default, s12 = default, s13 = default, s14 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default, s24 = default;
        Vector512<float> s30 = default, s31 = default, s32 = default, s33 = default, s34 = default;
        int plane = shape.OutputHeight * shape.OutputWidth;
        for (int y = 0; y < shape.OutputHeight; y++)
        {
            ref Vector512<float> pixels = ref Unsafe.Add(ref MemoryMarshal.GetReference(input), y * shape.InputWidth);
            ref Vector512<float> slopes = ref Unsafe.Add(ref MemoryMarshal.GetReference(outputGradient), y * shape.OutputWidth);
            for (int x = 0; x < shape.OutputWidth; x++)
            {
                Vector512<float> x0 = pixels, x1 = Unsafe.Add(ref pixels, 1), x2 = Unsafe.Add(ref pixels, 2);
                Vector512<float> x3 = Unsafe.Add(ref pixels, 3), x4 = Unsafe.Add(ref pixels, 4);
                Vector512<float> g = slopes;
                s00 = Vector512.FusedMultiplyAdd(g, x0, s00);
                s01 = Vector512.FusedMultiplyAdd(g, x1, s01);
                s02 = Vector512.FusedMultiplyAdd(g, x2, s02);
                s03 = Vector512.FusedMultiplyAdd(g, x3, s03);
                s04 = Vector512.FusedMultiplyAdd(g, x4, s04);
                g = Unsafe.Add(ref slopes, plane);
                s10 = Vector512.FusedMultiplyAdd(g, x0, s10);
                s11 = Vector512.FusedMultiplyAdd(g, x1, s11);
                s12 = Vector512.FusedMultiplyAdd(g, x2, s12);
                s13 = Vector512.FusedMultiplyAdd(g, x3, s13);
                s14 = Vector512.FusedMultiplyAdd(g, x4, s14);
                g = Unsafe.Add(ref slopes, 2 * plane);
                s20 = Vector512.FusedMultiplyAdd(g, x0, s20);
                s21 = Vector512.FusedMultiplyAdd(g, x1, s21);
                s22 = Vector512.FusedMultiplyAdd(g, x2, s22);
                s23 = Vector512.FusedMultiplyAdd(g, x3, s23);
                s24 = Vector512.FusedMultiplyAdd(g, x4, s24);
                g = Unsafe.Add(ref slopes, 3 * plane);
                s30 = Vector512.FusedMultiplyAdd(g, x0, s30);
                s31 = Vector512.FusedMultiplyAdd(g, x1, s31);
                s32 = Vector512.FusedMultiplyAdd(g, x2, s32);
                s33 = Vector512.FusedMultiplyAdd(g, x3, s33);
                s34 = Vector512.FusedMultiplyAdd(g, x4, s34);
                pixels = ref Unsafe.Add(ref pixels, 1);
                slopes = ref Unsafe.Add(ref slopes, 1);
            }
        }

        Store(gradient, s00, s10, s20, s30);
        Store(gradient[shape.OutputChannels..], s01, s11, s21, s31);
        Store(gradient[(2 * shape.OutputChannels)..], s02, s12, s22, s32);
        Store(gradient[(3 * shape.OutputChannels)..], s03, s13, s23, s33);
        Store(gradient[(4 * shape.OutputChannels)..], s04, s14, s24, s34);
    }

    private static void Store(Span<float> gradient, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) =>
        (gradient[0], gradient[1], gradient[2], gradient[3]) = (ImageLanes.Sum(a), ImageLanes.Sum(b), ImageLanes.Sum(c), ImageLanes.Sum(d));
}
