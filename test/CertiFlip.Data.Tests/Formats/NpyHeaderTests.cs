using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class NpyHeaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)}")]
    [InlineData("{\"shape\":(1,2,),\"fortran_order\":False,\"descr\":\"<f8\"}")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1L, 2L), }")]
    [InlineData("  { 'fortran_order' : True , 'descr' : '=f8' , 'shape' : ( 1 , 2 ) , }  ")]
    public void A_header_may_be_spaced_quoted_and_ordered_as_Python_likes(string header) =>
        Assert.Equal([1, 2], DatasetReader.Read(Write(header)).Features.Values.ToArray());

    [Theory]
    [InlineData("", "'{'")]
    [InlineData("{", "a quoted string")]
    [InlineData("{}", "lacks 'descr'")]
    [InlineData("{'descr': '<f8', 'shape': (1, 2)}", "lacks 'fortran_order'")]
    [InlineData("{'descr': '<f8', 'fortran_order': False}", "lacks 'shape'")]
    [InlineData("{'descr': '<f8' 'fortran_order': False}", "',' or '}'")]
    [InlineData("{'descr': '<f8', 'descr': '<f8'}", "there twice")]
    [InlineData("{'descr': '<f8', 'colour': 'red'}", "'colour'")]
    [InlineData("{'descr': '<f8}", "not closed")]
    [InlineData("{'descr': '<f\\x38'}", "backslash")]
    [InlineData("{'descr': '<f8', 'fortran_order': 0}", "True or False")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': 2}", "'('")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2)}", "','")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1 2)}", "','")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (,)}", "a length")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2)}", "a length")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (L, 2)}", "a length")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1LL, 2)}", "','")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999, 2)}", "a length")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)} + exit()", "nothing more")]
    [InlineData("__import__('os')", "'{'")]
    public void What_is_not_such_a_dictionary_is_refused(string header, string named) =>
        Refusal.OfDataset(Write(header), "header", named);

    [Theory]
    [InlineData("(4611686018427387904, 4)")]
    [InlineData("(9223372036854775807, 9223372036854775807)")]
    [InlineData("(9223372036854775807, 9223372036854775807, 9223372036854775807, 9223372036854775807)")]
    [InlineData("(1000000000, 1000000)")]
    public void A_shape_far_beyond_the_file_is_refused_before_memory_is_asked_for(string shape) =>
        Refusal.OfDataset(Write($"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}"), "truncated");

    [Fact]
    public void More_dimensions_than_NumPy_has_are_refused() =>
        Refusal.OfDataset(
            Write(NpyBytes.Header("<f8", [.. Enumerable.Repeat(1, 99)])), "99 dimensions");

    [Theory]
    [InlineData("|O", "Python objects")]
    [InlineData("<c16", "complex")]
    [InlineData("<M8[ns]", "dates")]
    [InlineData("<m8[s]", "dates")]
    [InlineData("|V8", "structured")]
    [InlineData("<f16", "'<f16'")]
    [InlineData("<i3", "'<i3'")]
    [InlineData("<<f8", "'<<f8'")]
    [InlineData("", "''")]
    [InlineData("<", "'<'")]
    [InlineData("<U0", "0 characters")]
    [InlineData("<U-1", "'<U-1'")]
    [InlineData("<U2147483647", "'<U2147483647'")]
    public void Element_types_that_cannot_be_read_are_refused_by_name(string descr, string named) =>
        Refusal.OfDataset(Write(NpyBytes.Header(descr, [1, 2])), named);

    [Fact]
    public void Structured_arrays_are_refused_by_name() =>
        Refusal.OfDataset(Write("{'descr': [('a', '<f8'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,), }"), "structured");

    [Fact]
    public void An_unknown_version_is_refused() =>
        Refusal.OfDataset(_folder.Write("x.npy", NpyBytes.Array("<f8", [1, 1], [1.0], version: 4)), "version is 4");

    [Fact]
    public void A_header_longer_than_arrays_need_is_refused() =>
        Refusal.OfDataset(_folder.Write("x.npy", NpyBytes.WithHeader(new string(' ', 1 << 17), [], version: 2)), "length");

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(40)]
    public void A_file_cut_off_inside_its_header_is_refused(int length) =>
        Refusal.OfDataset(_folder.Write("x.npy", NpyBytes.Doubles(1, 1, 1)[..length]), "truncated");

    private string Write(string header) =>
        _folder.Write("x.npy", NpyBytes.WithHeader(header, [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(2.0)]));
}
