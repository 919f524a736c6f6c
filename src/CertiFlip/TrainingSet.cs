using System.Globalization;

namespace CertiFlip;

/// <summary>What a classifier learns from: n rows of features, their n labels, and the list of classes.</summary>
public sealed class TrainingSet
{
    /// <summary>Rows with labels by name.</summary>
    /// <param name="features">n × k features. They must not have been made by looking at the labels.</param>
    /// <param name="labels">n labels, any of which may be wrong.</param>
    /// <param name="classes">
    /// The list of classes. If not given, it is read off the labels, and certificates say where they hold for that list
    /// only (<see cref="Certificate.AssumesClasses"/>).
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are not n labels, one is empty or is not one of the classes, or fewer than two classes occur where none
    /// are stated.
    /// </exception>
    public TrainingSet(FeatureMatrix features, IReadOnlyList<string> labels, ClassList? classes = null)
        : this(features, Encoded(labels, classes ?? ClassList.FromLabels(labels)))
    {
    }

    /// <summary>Rows with labels that are whole numbers, such as 0 and 1.</summary>
    /// <inheritdoc cref="TrainingSet(FeatureMatrix, IReadOnlyList{string}, ClassList?)"/>
    public TrainingSet(FeatureMatrix features, IReadOnlyList<int> labels, ClassList? classes = null)
        : this(features, Written(labels), classes)
    {
    }

    /// <summary>Rows with labels that are encoded already.</summary>
    /// <param name="features">n × k features. They must not have been made by looking at the labels.</param>
    /// <param name="labels">n labels.</param>
    /// <exception cref="ArgumentException">There are not n labels.</exception>
    public TrainingSet(FeatureMatrix features, ClassLabels labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count != features.Rows)
            throw new ArgumentException($"There are {labels.Count} labels for {features.Rows} training rows.", nameof(labels));
        (Features, Labels) = (features, labels);
    }

    /// <summary>The features (n × k).</summary>
    public FeatureMatrix Features { get; }

    /// <summary>The n labels as classes.</summary>
    public ClassLabels Labels { get; }

    /// <summary>The K classes: the name of class c is the c-th.</summary>
    public ClassList Classes => Labels.Classes;

    private static ClassLabels Encoded(IReadOnlyList<string> labels, ClassList classes) => new(classes.Encode(labels), classes);

    private static string[] Written(IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return [.. labels.Select(label => label.ToString(CultureInfo.InvariantCulture))];
    }
}
