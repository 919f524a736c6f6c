using CertiFlip.Heads;

namespace CertiFlip.ML;

/// <summary>
/// What is chosen about a certified head. Nothing here may be chosen by looking at the labels that are defended.
/// </summary>
public sealed record CertifiedHeadOptions
{
    /// <summary>The column of labels: a key, a text, a Boolean or a number. The default is <c>Label</c>.</summary>
    public string LabelColumnName
    {
        get;
        init => field = Name(value);
    } = "Label";

    /// <summary>
    /// The column of features: vectors of Single or Double of a known size. The default is <c>Features</c>.
    /// </summary>
    public string FeatureColumnName
    {
        get;
        init => field = Name(value);
    } = "Features";

    /// <summary>Which head. The default is ridge with the label-free λ <c>relative:1</c>.</summary>
    /// <exception cref="ArgumentException">Its λ would be computed from the labels.</exception>
    public HeadChoice Head
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value.DependsOnLabels
                ? throw new ArgumentException(
                    "This λ is computed from the labels, and radii would hold only for a λ that is held fixed: take relative:C.")
                : value;
        }
    } = HeadChoice.Default;

    /// <summary>
    /// The list of classes, with a prior if there is one. Labels of another class are refused. If not given, a Boolean
    /// label has two classes, a key those of its values, and other labels those that occur: then <c>Radius</c> is never
    /// more than one below the labels of the rarest class, since a class that is gone would be in no list.
    /// </summary>
    public ClassList? Classes { get; init; }

    /// <summary>
    /// How many wrong labels a prediction must survive for <c>Certified</c> to be true, at least 1, which is the
    /// default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Flips
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Flips));
            field = value;
        }
    } = 1;

    /// <summary>
    /// A Boolean column that is true for training rows whose labels nobody can have changed. None if not given.
    /// </summary>
    public string? TrustedColumnName { get; init; }

    /// <summary>
    /// Transforms, estimators and views that were made without a look at the labels, because you say so: names of types
    /// such as <c>SlotsDroppingTransformer</c>. What is made with them says that it rests on this
    /// (<see cref="CertifiedHeadTransformer.LabelFree"/>).
    /// </summary>
    public IReadOnlyList<string> LabelFreeTransforms
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = [.. value];
        }
    } = [];

    /// <summary>
    /// How many threads may work, at least 1. The default is the number of processors. Results do not depend on it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Threads));
            field = value;
        }
    } = Environment.ProcessorCount;

    private static string Name(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return value;
    }
}
