using System.Runtime.Intrinsics;

namespace CertiFlip.Features.Images;

/// <summary>
/// A simple convolutional network, trained on labelled images of other classes or from another source than those to be
/// defended: its last layer but one gives the features (the paper's map for MNIST, section 5). 5 × 5 × 16, pooling, 5 ×
/// 5 × 32, pooling, features, classes.
/// </summary>
/// <remarks>
/// It knows the labels that it was trained on. Certificates for a head on these features say nothing about flips of
/// those.
/// </remarks>
public sealed class ConvolutionalNetwork : IFeatureMap, IStorable<ConvolutionalNetwork>
{
    // Where the features are among the numbers of an image: what comes out of the first dense layer.
    private const int FeatureLayer = 5;

    private readonly Network _network;
    private readonly float[] _weights;

    /// <summary>A network that was trained before.</summary>
    /// <param name="image">The shape of images.</param>
    /// <param name="features">Features that images become.</param>
    /// <param name="classes">Classes that it was trained on.</param>
    /// <param name="weights">All weights, layer after layer, the biases of each last.</param>
    /// <exception cref="ArgumentException">
    /// Images are too small, the number of weights is another, or a weight is not finite.
    /// </exception>
    public ConvolutionalNetwork(ImageShape image, int features, int classes, IReadOnlyList<float> weights)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        _network = new Network(image, features, classes);
        if (weights.Count != _network.Weights)
            throw new ArgumentException($"There are {weights.Count} weights; this network has {_network.Weights}.", nameof(weights));
        if (!weights.All(float.IsFinite))
            throw new ArgumentException("A weight is not finite.", nameof(weights));
        (Image, Features, Classes, _weights) = (image, features, classes, [.. weights]);
    }

    /// <summary>The shape of images.</summary>
    public ImageShape Image { get; }

    /// <inheritdoc/>
    public int Inputs => Image.Numbers;

    /// <inheritdoc/>
    public int Features { get; }

    /// <summary>True: it was trained on labels, which must be trusted.</summary>
    public bool DependsOnLabels => true;

    /// <summary>The number of classes that the network was trained on.</summary>
    public int Classes { get; }

    /// <summary>All weights, layer after layer, the biases of each last.</summary>
    public IReadOnlyList<float> Weights => _weights;

    /// <summary>Trains a network.</summary>
    /// <param name="images">n images, one a row, with numbers of the order of 1.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="labels">
    /// Their classes. These must be trusted: they are not the labels that certificates defend.
    /// </param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Is told how many more images are done; each is done once in each epoch.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the network does not depend on it.</param>
    /// <exception cref="ArgumentException">
    /// Rows, shape and labels do not fit together, images are too small, or training led to numbers that are not
    /// finite.
    /// </exception>
    public static ConvolutionalNetwork Fit(
        FeatureMatrix images,
        ImageShape shape,
        ClassLabels labels,
        ConvolutionalNetworkOptions? options = null,
        IProgress<int>? progress = null,
        ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(labels);
        if (images.Columns != shape.Numbers)
        {
            throw new ArgumentException(
                $"Images of {shape.Height} × {shape.Width} pixels with {shape.Channels} channels have {shape.Numbers} numbers, "
                + $"but rows have {images.Columns}.",
                nameof(shape));
        }

        if (images.Rows != labels.Count)
            throw new ArgumentException($"There are {labels.Count} labels for {images.Rows} images.", nameof(labels));
        options ??= new ConvolutionalNetworkOptions();
        var network = new Network(shape, options.Features, labels.ClassCount);
        float[] weights = new NetworkTraining(network, images, labels, options).Train(progress, parallel ?? new ParallelOptions());
        return new ConvolutionalNetwork(shape, options.Features, labels.ClassCount, weights);
    }

    /// <inheritdoc/>
    public static string Kind => "convolutional-network";

    /// <inheritdoc/>
    public static ConvolutionalNetwork Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return arrays.Integers("image") is [var height, var width, var channels]
            && arrays.Integers("features and classes") is [var features, var classes]
            ? new ConvolutionalNetwork(new ImageShape(height, width, channels), features, classes, arrays.Singles("weights"))
            : throw new ArgumentException("The sizes of the network are missing.", nameof(arrays));
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("image", [Image.Height, Image.Width, Image.Channels]);
        arrays.Add("features and classes", [Features, Classes]);
        arrays.Add("weights", [.. Weights]);
    }

    /// <inheritdoc/>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        double[] features = new double[(long)inputs.Rows * Features];
        ForEach(inputs, parallel, (row, lane, numbers) =>
        {
            for (int i = 0; i < Features; i++)
                features[row * Features + i] = numbers[FeatureLayer][i][lane];
        });
        return new FeatureMatrix(inputs.Rows, Features, features);
    }

    /// <summary>Classifies images into the classes that the network was trained on.</summary>
    /// <param name="images">n images, one a row.</param>
    /// <param name="parallel">How many threads may work, and when to stop.</param>
    /// <returns>The n classes.</returns>
    /// <exception cref="ArgumentException">The rows have another number of columns.</exception>
    public int[] Predict(FeatureMatrix images, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        int[] classes = new int[images.Rows];
        ForEach(images, parallel, (row, lane, numbers) =>
        {
            for (int c = 1; c < Classes; c++)
            {
                if (numbers[^1][c][lane] > numbers[^1][classes[row]][lane])
                    classes[row] = c;
            }
        });
        return classes;
    }

    private void ForEach(FeatureMatrix images, ParallelOptions? parallel, Action<int, int, Vector512<float>[][]> use)
    {
        if (images.Columns != Inputs)
            throw new ArgumentException($"The network takes {Inputs} numbers an image, but there are {images.Columns}.", nameof(images));
        int groups = (images.Rows + ImageLanes.Count - 1) / ImageLanes.Count;
        Parallel.For(0, groups, parallel ?? new ParallelOptions(), _network.Room, (group, _, numbers) =>
        {
            int first = group * ImageLanes.Count;
            int[] rows = [.. Enumerable.Range(first, Math.Min(ImageLanes.Count, images.Rows - first))];
            ImageLanes.Load(images, rows, numbers[0]);
            _network.Forward(_weights, numbers);
            for (int lane = 0; lane < rows.Length; lane++)
                use(rows[lane], lane, numbers);
            return numbers;
        }, _ => { });
    }
}
