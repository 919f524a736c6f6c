using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CertiFlip;

/// <summary>
/// The names of the K classes, in order: class c is the c-th. The list is part of the question. A radius covers every
/// change of labels into labels of this list, and the list itself stays as it is.
/// </summary>
/// <remarks>
/// <para>
/// Names are any text. Classes are sorted as numbers if all names are numbers (7, -0.5, 1e-5), otherwise by Unicode
/// code unit.
/// </para>
/// <para>
/// Spellings of one number, such as 1, 1.0 and 01, are one class, so that labels saved as integers fit labels saved as
/// floats. The class has the spelling that comes first. Numbers are compared exactly, however long. Other names are
/// compared letter by letter: case and blanks count.
/// </para>
/// </remarks>
public sealed class ClassList : IReadOnlyList<string>
{
    // How far from 1 the sum of a prior may be: as far as decimals take it that somebody rounded.
    private const double PriorTolerance = 1e-5;

    private readonly string[] _names;
    private readonly Dictionary<string, int> _classOfKey = new(StringComparer.Ordinal);

    // Nearly all labels are spelled like the class. A key takes a hundred times as long.
    private readonly Dictionary<string, int> _classOfName = new(StringComparer.Ordinal);

    private ClassList(IEnumerable<string> names, bool isStated)
    {
        _names = Sorted([.. names.DistinctBy(Key)]);
        IsStated = isStated;
        for (int c = 0; c < _names.Length; c++)
        {
            _classOfKey.Add(Key(_names[c]), c);
            _classOfName.Add(_names[c], c);
        }
    }

    /// <summary>Number of classes, K.</summary>
    public int Count => _names.Length;

    /// <summary>
    /// Whether the list was stated. Otherwise it was read off the training labels: it then depends on labels that may
    /// be wrong, and a radius that reaches the number of rows of the rarest class holds for this list only
    /// (<see cref="Certificate.AssumesClasses"/>).
    /// </summary>
    public bool IsStated { get; }

    /// <summary>
    /// The stated prior π, a number for each class; empty if there is none. A head's class is then the one whose score
    /// exceeds its π most, instead of the one with the largest score; by the rule <see cref="TwoClassRule.Half"/> class
    /// 1 wins where its score is at least π₁, instead of ½.
    /// </summary>
    public IReadOnlyList<double> Prior { get; private init; } = [];

    /// <summary>
    /// The stated shares of the training rows, a number for each class; empty if there are none. A head's class is then
    /// the one of the largest S_c + share_c·lift, with the lift that the head has for the test row (<see
    /// cref="ILiftingHead"/>).
    /// </summary>
    public IReadOnlyList<double> Shares { get; private init; } = [];

    /// <summary>Whether nothing but names tells classes apart: neither a prior nor shares are stated.</summary>
    public bool AreAlike => Prior.Count == 0 && Shares.Count == 0;

    /// <summary>The name of a class.</summary>
    /// <param name="c">The class, from 0 to K − 1.</param>
    public string this[int c] => _names[c];

    /// <summary>A stated list of classes. Some of them may have no rows.</summary>
    /// <param name="names">Their names, in any order.</param>
    /// <exception cref="ArgumentException">A name is empty or comes twice, or there are fewer than two.</exception>
    public static ClassList Of(params IReadOnlyList<string> names)
    {
        CheckNames(names, "class", nameof(names));
        var classes = new ClassList(names, isStated: true);
        if (classes.Count != names.Count)
        {
            string twice = names.GroupBy(Key).First(group => group.Count() > 1).First();
            throw new ArgumentException($"The class '{twice}' comes twice.", nameof(names));
        }

        return classes.Count >= 2 ? classes : throw new ArgumentException("There must be at least two classes.", nameof(names));
    }

    /// <summary>The classes that occur in training labels.</summary>
    /// <param name="labels">n labels, one per row.</param>
    /// <exception cref="ArgumentException">There are no labels, one is empty, or all are of one class.</exception>
    public static ClassList FromLabels(IReadOnlyList<string> labels)
    {
        CheckNames(labels, "label", nameof(labels));
        var classes = new ClassList(labels.Distinct(), isStated: false);
        return classes.Count >= 2
            ? classes
            : throw new ArgumentException($"Every label is '{labels[0]}': at least two classes are needed.", nameof(labels));
    }

    /// <summary>The classes 0, 1, …, K − 1, named by their numbers. The list counts as stated.</summary>
    /// <param name="count">Number of classes K, at least 2.</param>
    /// <exception cref="ArgumentException">K is below 2.</exception>
    public static ClassList Numbered(int count) => count >= 2
        ? new ClassList(Enumerable.Range(0, count).Select(c => c.ToString(CultureInfo.InvariantCulture)), isStated: true)
        : throw new ArgumentException($"There must be at least two classes, but there are {count}.", nameof(count));

    /// <summary>
    /// The same list with a prior: what part of all rows each class is expected to have. It is part of the question, as
    /// the list is, and must come from elsewhere than the labels that are defended. A prior that is counted in these
    /// labels would change with every flip, and no radius covers that.
    /// </summary>
    /// <param name="prior">K numbers strictly between 0 and 1 that add up to 1, in the order of the classes.</param>
    /// <exception cref="ArgumentException">They are not, or the list of classes was not stated.</exception>
    public ClassList WithPrior(params IReadOnlyList<double> prior)
    {
        CheckNumbers(prior, "A prior needs", "The prior");
        return prior.Any(share => !(share is > 0 and < 1))
            ? throw new ArgumentException("Every number of a prior must be strictly between 0 and 1.", nameof(prior))
            : new ClassList(_names, isStated: true) { Prior = [.. prior] };
    }

    /// <summary>
    /// The same list with shares: what part of the training rows each class is expected to have. Scores of a head whose
    /// weights do not sum to 1 are then lifted by them, as if every row had the same weight more, at no cost in radius
    /// (<see cref="ILiftingHead"/>). They must come from elsewhere than the labels that are defended, as a prior must,
    /// and take its place. Equal shares change nothing.
    /// </summary>
    /// <param name="shares">K numbers from 0 to 1 that add up to 1, in the order of the classes.</param>
    /// <exception cref="ArgumentException">They are not, or the list of classes was not stated.</exception>
    public ClassList WithShares(params IReadOnlyList<double> shares)
    {
        CheckNumbers(shares, "Shares of classes need", "The shares");
        return shares.Any(share => !(share is >= 0 and <= 1))
            ? throw new ArgumentException("Every share of a class must be between 0 and 1.", nameof(shares))
            : new ClassList(_names, isStated: true) { Shares = [.. shares] };
    }

    /// <summary>The class of a label, in any spelling.</summary>
    /// <param name="label">The label.</param>
    /// <param name="c">The class, from 0 to K − 1, where the result is true.</param>
    /// <returns>Whether the label is one of the classes.</returns>
    public bool TryFind(string label, out int c)
    {
        ArgumentNullException.ThrowIfNull(label);
        return _classOfName.TryGetValue(label, out c) || _classOfKey.TryGetValue(Key(label), out c);
    }

    /// <summary>The class of each label, from 0 to K − 1.</summary>
    /// <param name="labels">Labels, one per row.</param>
    /// <exception cref="ArgumentException">A label is not one of the classes; the message names its row.</exception>
    public int[] Encode(IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        int[] classes = new int[labels.Count];
        for (int row = 0; row < classes.Length; row++)
        {
            if (!TryFind(labels[row], out classes[row]))
                throw new ArgumentException(
                    $"Row {row} (from 0) has the label '{labels[row]}', which is not one of the classes.", nameof(labels));
        }

        return classes;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _names.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => _names.GetEnumerator();

    private void CheckNumbers(IReadOnlyList<double> numbers, string whatNeeds, string these)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (!IsStated)
            throw new ArgumentException($"{whatNeeds} a stated list of classes.", nameof(numbers));
        if (numbers.Count != Count)
            throw new ArgumentException($"{these} must be {Count} numbers, one for each class, not {numbers.Count}.", nameof(numbers));
        if (Math.Abs(numbers.Sum() - 1) > PriorTolerance)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{these} must add up to 1, not to {numbers.Sum():R}."), nameof(numbers));
    }

    private static void CheckNames(IReadOnlyList<string> names, string what, string parameter)
    {
        ArgumentNullException.ThrowIfNull(names, parameter);
        if (names.Count == 0)
            throw new ArgumentException($"There must be at least one {what}.", parameter);
        for (int i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]))
                throw new ArgumentException($"The {what} at position {i} (from 0) is empty.", parameter);
        }
    }

    // Keys of numbers begin with one #, those of other names with none or with two.
    private static string Key(string name) => LabelNumber.TryParse(name, out LabelNumber number)
        ? $"#{number}"
        : name.StartsWith('#') ? $"#{name}" : name;

    private static string[] Sorted(string[] names)
    {
        LabelNumber[] numbers = new LabelNumber[names.Length];
        for (int c = 0; c < names.Length; c++)
        {
            if (!LabelNumber.TryParse(names[c], out numbers[c]))
                return [.. names.Order(StringComparer.Ordinal)];
        }

        Array.Sort(numbers, names);
        return names;
    }
}

/// <summary>
/// A label that is a number, exactly: 0.<paramref name="Digits"/> × 10^<paramref name="Magnitude"/>, or the negative
/// of that.
/// </summary>
/// <param name="Sign">−1, 0 or 1.</param>
/// <param name="Digits">Decimal digits, of which the first and the last are not 0; none for zero.</param>
/// <param name="Magnitude">The power of ten; 0 for zero.</param>
internal readonly partial record struct LabelNumber(int Sign, string Digits, int Magnitude) : IComparable<LabelNumber>
{
    // Longer ones are names made of digits rather than numbers.
    private const int LongestNumber = 400;

    /// <summary>Whether the label is a decimal number, such as 7, -0.50 or 1e-5.</summary>
    public static bool TryParse(string label, out LabelNumber number)
    {
        number = new LabelNumber(0, "", 0);
        if (label.Length > LongestNumber || Pattern().Match(label) is not { Success: true } match)
            return false;
        string whole = match.Groups["whole"].Value;
        string digits = (whole + match.Groups["fraction"].Value).TrimStart('0');
        string significant = digits.TrimEnd('0');
        if (significant.Length == 0)
            return true;
        int written = match.Groups["exponent"] is { Success: true } e ? int.Parse(e.Value, CultureInfo.InvariantCulture) : 0;
        int magnitude = written + digits.Length - match.Groups["fraction"].Length;
        number = new LabelNumber(label[0] == '-' ? -1 : 1, significant, magnitude);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(LabelNumber other)
    {
        if (Sign != other.Sign)
            return Sign.CompareTo(other.Sign);
        // Both fractions begin with a digit other than 0, so the larger power of ten is the larger number.
        int order = Magnitude != other.Magnitude
            ? Magnitude.CompareTo(other.Magnitude)
            : string.CompareOrdinal(Digits, other.Digits);
        return Sign * Math.Sign(order);
    }

    /// <summary>One text for all spellings of the number.</summary>
    public override string ToString() => Sign == 0
        ? "0"
        : string.Create(CultureInfo.InvariantCulture, $"{(Sign < 0 ? "-" : "")}{Digits}e{Magnitude - Digits.Length}");

    [GeneratedRegex(@"^[+-]?(?=\.?[0-9])(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?([eE](?<exponent>[+-]?[0-9]{1,3}))?\z")]
    private static partial Regex Pattern();
}
