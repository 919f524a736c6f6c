using System.IO.MemoryMappedFiles;

namespace CertiFlip.Data.Formats;

/// <summary>Rows of numbers in a file that is mapped into memory, not read into it: the system keeps of it what there is room for.</summary>
internal sealed unsafe class MappedRows
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _elements;
    private readonly NumericElement _element;
    private readonly int _rowBytes;

    /// <param name="path">The file.</param>
    /// <param name="offset">Where in it the first row begins.</param>
    /// <param name="element">How a number is stored.</param>
    /// <param name="columns">Numbers in a row, row by row.</param>
    public MappedRows(string path, long offset, NumericElement element, int columns)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start); // Held as long as this object: its owner reads at any time.
        _elements = start + _view.PointerOffset + offset;
        (_element, _rowBytes) = (element, checked(columns * element.Size));
    }

    /// <summary>Reads one row.</summary>
    public void Read(int row, Span<double> numbers)
    {
        // A copy, because elements are put into this machine's order in place.
        Span<byte> stored = _rowBytes <= 4096 ? stackalloc byte[_rowBytes] : new byte[_rowBytes];
        new ReadOnlySpan<byte>(_elements + (long)row * _rowBytes, _rowBytes).CopyTo(stored);
        _element.ToNumbers(stored, numbers);
        GC.KeepAlive(_view);
    }
}
