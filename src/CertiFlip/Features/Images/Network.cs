using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>
/// The layers, one after the other: 5 × 5 × 16, pooling, 5 × 5 × 32, pooling, dense to the features, rectifier, dense
/// to the classes. Weights lie one layer after the other.
/// </summary>
internal sealed class Network
{
    private const int FirstChannels = 16;
    private const int SecondChannels = 32;
    private const int LeastWidth = 4;

    private readonly ILayer[] _layers;
    private readonly int[] _offsets;

    public Network(ImageShape image, int features, int classes)
    {
        var first = new ConvolutionShape(image.Channels, image.Height, image.Width, FirstChannels);
        var second = new ConvolutionShape(FirstChannels, first.OutputHeight / 2, first.OutputWidth / 2, SecondChannels);
        if (image.Channels < 1 || second.OutputHeight < 2 || second.OutputWidth < LeastWidth)
        {
            throw new ArgumentException(
                $"Images of {image.Height} × {image.Width} pixels are too small: two convolutions with pooling need at least 16 × 20.",
                nameof(image));
        }

        var pooled = new PoolingLayer(SecondChannels, second.OutputHeight, second.OutputWidth);
        _layers =
        [
            new ConvolutionLayer(first),
            new PoolingLayer(FirstChannels, first.OutputHeight, first.OutputWidth),
            new ConvolutionLayer(second),
            pooled,
            new DenseLayer(pooled.Outputs, features),
            new RectifierLayer(features),
            new DenseLayer(features, classes),
        ];
        _offsets = new int[_layers.Length + 1];
        for (int i = 0; i < _layers.Length; i++)
            _offsets[i + 1] = _offsets[i] + _layers[i].Weights;
    }

    public IReadOnlyList<ILayer> Layers => _layers;

    public int Weights => _offsets[^1];

    /// <summary>Where a layer's weights lie.</summary>
    public Range WeightsOf(int layer) => _offsets[layer].._offsets[layer + 1];

    /// <summary>
    /// Room for the numbers of 16 images: those that go into the first layer, then those that come out of each.
    /// </summary>
    public Vector512<float>[][] Room() =>
        [new Vector512<float>[_layers[0].Inputs], .. _layers.Select(layer => new Vector512<float>[layer.Outputs])];

    public void Forward(ReadOnlySpan<float> weights, Vector512<float>[][] numbers)
    {
        for (int i = 0; i < _layers.Length; i++)
            _layers[i].Forward(weights[WeightsOf(i)], numbers[i], numbers[i + 1]);
    }

    /// <summary>From the derivatives by the last numbers, those by all weights.</summary>
    public void Backward(ReadOnlySpan<float> weights, Vector512<float>[][] numbers, Vector512<float>[][] slopes, Span<float> gradient)
    {
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            _layers[i].Backward(
                weights[WeightsOf(i)], numbers[i], numbers[i + 1], slopes[i + 1], gradient[WeightsOf(i)], i == 0 ? [] : slopes[i]);
        }
    }
}
