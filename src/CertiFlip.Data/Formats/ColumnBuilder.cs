namespace CertiFlip.Data.Formats;

/// <summary>The values of a column as they come: numbers, lists of numbers, or texts, and gaps among them.</summary>
/// <param name="name">The column's name.</param>
/// <param name="budget">How much room there is.</param>
/// <param name="isText">Whether every value is a text.</param>
/// <param name="place">Where the value is that comes next, as messages name it.</param>
internal sealed class ColumnBuilder(string name, ReadBudget budget, bool isText, Func<string> place)
{
    private readonly LabelNames _names = new(budget);
    private NumberBuffer<double>? _numbers;
    private NumberBuffer<double>? _lists;
    private List<string?>? _texts = isText ? [] : null;
    private int[]? _order;
    private int _length;
    private bool _any, _isGrouped;
    private string? _onePoint;

    public string Name => name;

    /// <summary>How many values there are, with gaps.</summary>
    public int Rows { get; private set; }

    /// <summary>Whether the values are texts, and stay so.</summary>
    public bool IsText => _texts is not null;

    /// <summary>Whether there is nothing but gaps.</summary>
    public bool IsEmpty => !_any;

    /// <summary>Whether numbers or lists came before the first text, which were not kept as they are written.</summary>
    public bool IsMixed { get; private set; }

    /// <summary>The different texts.</summary>
    public IReadOnlyCollection<string> Different => _names.Different;

    /// <summary>How many texts are the column's name.</summary>
    public int NamesakeCount { get; private set; }

    /// <summary>
    /// A number such as 1.500, where no other of the column shows that the point stands between thousands.
    /// </summary>
    public string? Ambiguous => _isGrouped ? null : _onePoint;

    /// <summary>Looks at the marks of a number with a decimal comma.</summary>
    /// <param name="cell">As it is written.</param>
    public void LookAt(ReadOnlySpan<byte> cell)
    {
        int points = cell.Count((byte)'.');
        _isGrouped |= points > 1 || cell.Contains((byte)',');
        if (points == 1)
            _onePoint ??= System.Text.Encoding.ASCII.GetString(cell);
    }

    /// <summary>
    /// Adds a number; NaN is a gap. False in a column of other values, which is one of texts from then on.
    /// </summary>
    public bool TryAdd(double number)
    {
        if (double.IsNaN(number))
        {
            AddGaps(1);
            return true;
        }

        if (_lists is not null || _texts is not null)
            return BecomeText();
        _numbers ??= Gaps();
        _numbers.Add(number);
        return Count();
    }

    /// <summary>Adds a list. False in a column of other values, which is one of texts from then on.</summary>
    /// <param name="numbers">At least one number.</param>
    /// <param name="isSure">Whether it can be nothing else.</param>
    /// <exception cref="DataException">Lists differ in length, or one is missing.</exception>
    public bool TryAdd(ReadOnlySpan<double> numbers, bool isSure)
    {
        if (_numbers is not null || _texts is not null)
            return BecomeText();
        if (_lists is null && Rows > 0)
            return isSure ? throw MissingList() : BecomeText();
        if (_lists is not null && numbers.Length != _length)
        {
            return !isSure ? BecomeText() : throw new DataException(
                $"{place()}, column {DataException.Quote(name)}: {numbers.Length} numbers, but the rows before have "
                + $"{_length}; each needs as "
                + "many. --ignore passes over the column.");
        }

        _length = numbers.Length;
        _lists ??= new NumberBuffer<double>(budget);
        foreach (double number in numbers)
            _lists.Add(number);
        return Count();
    }

    /// <summary>Adds a text.</summary>
    public void Add(string text)
    {
        if (_texts is null)
            BecomeText();
        NamesakeCount += text == name ? 1 : 0;
        _texts!.Add(_names.Same(text));
        Count();
    }

    /// <summary>Adds gaps.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <exception cref="DataException">The column has lists, of which none may be missing.</exception>
    public void AddGaps(int count)
    {
        if (_lists is not null && count > 0)
            throw MissingList();
        budget.Take(count, IntPtr.Size);
        for (int gap = 0; gap < count; gap++)
        {
            _texts?.Add(null);
            _numbers?.Add(double.NaN);
        }

        Rows += count;
    }

    /// <summary>Puts the rows in another order.</summary>
    /// <param name="order">For each row, which it is of those that came.</param>
    public void Reorder(int[] order) => _order = order;

    /// <summary>The column, whose values are no longer here.</summary>
    /// <param name="path">The file.</param>
    public TableColumn ToColumn(string path)
    {
        if (_texts is not null)
            return new TextColumn(name, _order is null ? _texts : [.. _order.Select(row => _texts[row])]);
        if (_lists is not null)
        {
            var lists = new FeatureMatrix(Rows, _length, _lists.TakeAll(path));
            return new VectorColumn(name, _order is null ? lists : lists.SelectRows(_order));
        }

        double[] numbers = (_numbers ?? Gaps()).TakeAll(path);
        return new NumberColumn(name, _order is null ? numbers : [.. _order.Select(row => numbers[row])]);
    }

    private bool Count()
    {
        Rows++;
        return _any = true;
    }

    private bool BecomeText()
    {
        if (_texts is null)
        {
            IsMixed = _any;
            budget.Take(Rows, IntPtr.Size);
            _texts = [.. Enumerable.Repeat<string?>(null, Rows)];
            (_numbers, _lists) = (null, null);
        }

        return false;
    }

    private NumberBuffer<double> Gaps()
    {
        var gaps = new NumberBuffer<double>(budget);
        for (int row = 0; row < Rows; row++)
            gaps.Add(double.NaN);
        return gaps;
    }

    private DataException MissingList() => new(
        $"{place()}, column {DataException.Quote(name)}: the list of numbers is missing here or before, and every row needs one; drop such "
        + "rows, or pass over the column with --ignore.");
}
