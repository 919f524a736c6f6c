using CertiFlip.Auditing;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace CertiFlip.Notebooks;

/// <summary>
/// Makes a notebook show results as charts and tables. <c>#r "nuget: CertiFlip.Notebooks"</c> calls
/// <see cref="Register"/> by itself.
/// </summary>
public static class NotebookFormatters
{
    /// <summary>
    /// From here on a cell whose value is a result shows it as <see cref="NotebookHtml"/> does: certificates of a row
    /// or of many, an accuracy curve or several, an audit, its suggestions, a witness. Where a cell has a list of
    /// another kind, such as an array, it is shown as well.
    /// </summary>
    /// <param name="classes">
    /// The list whose names stand for classes, if all results are of one; classes are numbers if not given.
    /// </param>
    public static void Register(ClassList? classes = null)
    {
        Add<RowCertificates>(row => row.ToHtml(classes));
        Add<IEnumerable<RowCertificates>>(rows => NotebookHtml.ToHtml([.. rows], classes));
        Add<AccuracyCurve>(curve => curve.ToHtml());
        Add<IEnumerable<CertifiedAccuracy>>(curves => NotebookHtml.ToHtml([.. curves]));
        Add<LabelAudit>(audit => audit.ToHtml(classes));
        Add<IEnumerable<Suggestion>>(suggestions => NotebookHtml.ToHtml([.. suggestions], classes));
        Add<Witness>(witness => witness.ToHtml(classes));
    }

    private static void Add<T>(Func<T, IHtmlContent> show)
        where T : class
    {
        Formatter.Register<T>(
            (result, writer) => show(result).WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default), HtmlFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(T), HtmlFormatter.MimeType);
    }
}
