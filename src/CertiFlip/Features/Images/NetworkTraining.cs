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
