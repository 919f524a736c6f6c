using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using CertiFlip.Kernels;

namespace CertiFlip.Features.Images;

/// <summary>
/// Trains a network. Images of a batch are taken 16 at a time, and their derivatives added in order: threads change
/// nothing.
/// </summary>
internal sealed class NetworkTraining
{
    // Of the seed's sequences, one for the first weights and one for the order of images.
    private const ulong WeightStream = 0;
    private const ulong OrderStream = 1;

    private readonly Network _network;
    private readonly FeatureMatrix _images;
    private readonly ClassLabels _labels;
    private readonly ConvolutionalNetworkOptions _options;
    private readonly Group[] _groups;
    private readonly float[] _weights;

    public NetworkTraining(Network network, FeatureMatrix images, ClassLabels labels, ConvolutionalNetworkOptions options)
    {
        (_network, _images, _labels, _options) = (network, images, labels, options);
        _groups = new Group[(Math.Min(options.BatchSize, images.Rows) + ImageLanes.Count - 1) / ImageLanes.Count];
        for (int i = 0; i < _groups.Length; i++)
            _groups[i] = new Group(network);
        _weights = FirstWeights(network, options.Seed);
    }

    public float[] Train(IProgress<int>? progress, ParallelOptions parallel)
    {
        var random = new PhiloxRandom(_options.Seed, OrderStream);
        var optimiser = new AdamOptimiser(_weights.Length);
        float[] gradient = new float[_weights.Length];
        int[] order = [.. Enumerable.Range(0, _images.Rows)];
        int batches = (order.Length + _options.BatchSize - 1) / _options.BatchSize;
        double steps = (double)batches * _options.Epochs;
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            random.Shuffle(order);
            for (int batch = 0; batch < batches; batch++)
            {
                int first = batch * _options.BatchSize, count = Math.Min(_options.BatchSize, order.Length - first);
                Gradient(order.AsMemory(first, count), gradient, parallel);
                optimiser.Step(_weights, gradient, _options.LearningRate * (1 - (epoch * (double)batches + batch) / steps));
                progress?.Report(count);
            }
        }

        return _weights;
    }

    /// <summary>
    /// He's first weights, spread evenly: variance 2 divided by the numbers that meet. Biases begin at 0.
    /// </summary>
    public static float[] FirstWeights(Network network, ulong seed)
    {
        var random = new PhiloxRandom(seed, WeightStream);
        float[] weights = new float[network.Weights];
        for (int layer = 0; layer < network.Layers.Count; layer++)
        {
            Span<float> own = weights.AsSpan(network.WeightsOf(layer));
            double widest = Math.Sqrt(6.0 / network.Layers[layer].FanIn);
            foreach (ref float weight in own[..^network.Layers[layer].Biases])
                weight = (float)((2 * random.NextDouble() - 1) * widest);
        }

        return weights;
    }

    private void Gradient(ReadOnlyMemory<int> rows, float[] gradient, ParallelOptions parallel)
    {
        int groups = (rows.Length + ImageLanes.Count - 1) / ImageLanes.Count;
        Parallel.For(0, groups, parallel, i =>
        {
            int first = i * ImageLanes.Count;
            ReadOnlySpan<int> own = rows.Span.Slice(first, Math.Min(ImageLanes.Count, rows.Length - first));
            _groups[i].Gradient(_network, _weights, _images, _labels, own, rows.Length);
        });
        _groups[0].Slopes.CopyTo(gradient, 0);
        for (int i = 1; i < groups; i++)
            TensorPrimitives.Add(gradient, _groups[i].Slopes, gradient);
    }

    /// <summary>Up to 16 images of a batch, with room for all that is computed of them.</summary>
    private sealed class Group(Network network)
    {
        private readonly Vector512<float>[][] _numbers = network.Room();
        private readonly Vector512<float>[][] _slopes = network.Room();

        public float[] Slopes { get; } = new float[network.Weights];

        public void Gradient(
            Network network, float[] weights, FeatureMatrix images, ClassLabels labels, ReadOnlySpan<int> rows, int batchSize)
        {
            Span<int> classes = stackalloc int[rows.Length];
            for (int i = 0; i < rows.Length; i++)
                classes[i] = labels[rows[i]];
            ImageLanes.Load(images, rows, _numbers[0]);
            network.Forward(weights, _numbers);
            SoftmaxLoss.Gradient(_numbers[^1], classes, batchSize, _slopes[^1]);
            network.Backward(weights, _numbers, _slopes, Slopes);
        }
    }
}

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
    private double _meanLeft = 1, _squareLeft = 1;

    public void Step(Span<float> weights, ReadOnlySpan<float> gradient, double rate)
    {
        (_meanLeft, _squareLeft) = (_meanLeft * MeanDecay, _squareLeft * SquareDecay);
        double meanShare = 1 - _meanLeft, squareShare = 1 - _squareLeft;
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

/// <summary>Cross-entropy of softmax probabilities, one class for each of 16 images.</summary>
internal static class SoftmaxLoss
{
    /// <summary>The derivatives of the mean loss of a batch by scores.</summary>
    /// <param name="scores">A score for each class.</param>
    /// <param name="classes">The classes of up to 16 images; further lanes get derivatives of 0.</param>
    /// <param name="batchSize">Images of the batch.</param>
    /// <param name="gradient">Receives a derivative for each class.</param>
    public static void Gradient(
        ReadOnlySpan<Vector512<float>> scores, ReadOnlySpan<int> classes, int batchSize, Span<Vector512<float>> gradient)
    {
        Vector512<float> largest = scores[0], sum = default;
        foreach (Vector512<float> score in scores)
            largest = Vector512.Max(largest, score);
        for (int c = 0; c < scores.Length; c++)
        {
            gradient[c] = Vector512.Exp(scores[c] - largest);
            sum += gradient[c];
        }

        Vector512<float> share =
            Vector512.Create(1f / batchSize) & Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)classes.Length));
        for (int c = 0; c < scores.Length; c++)
            gradient[c] = gradient[c] / sum * share;
        for (int image = 0; image < classes.Length; image++)
        {
            ref Vector512<float> slope = ref gradient[classes[image]];
            slope = slope.WithElement(image, slope[image] - 1f / batchSize);
        }
    }
}
